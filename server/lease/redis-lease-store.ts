import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RedisCommand } from '../../kernel/fence.ts';
import type { Held, LeaseStore, Me, Seen, Taking } from './lease-store.ts';

/** A script that runs as one step in Redis; sent whole only where Redis does not know it yet. */
class Script {
  private readonly lua: string;
  private readonly sha: string;

  constructor(lua: string) {
    this.lua = lua;
    this.sha = createHash('sha1').update(lua).digest('hex');
  }

  async run(redis: Redis, key: string, args: readonly (string | number)[] = []): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, 1, key, ...args);
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw error;
      return redis.eval(this.lua, 1, key, ...args);
    }
  }
}

const now = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)`;
const stored = `${now}
local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
local ends = tonumber(redis.call('HGET', KEYS[1], 'ends') or '0')
`;

const look = new Script(`${stored}
if epoch == 0 then return false end
local f = redis.call('HMGET', KEYS[1], 'holder', 'url', 'at', 'since')
return {epoch, f[1], f[2], f[3], ends - now, now - tonumber(f[4])}`);

const take = new Script(`${stored}
if epoch ~= tonumber(ARGV[1]) or (ARGV[4] == '0' and ends > now) then return 0 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'ends', now + tonumber(ARGV[3]), 'since', now,
  'holder', ARGV[5], 'url', ARGV[6], 'at', ARGV[7])
return 1`);

const renew = new Script(`${stored}
local mine = tonumber(ARGV[1])
if epoch > mine then return 'fenced' end
if epoch == mine and redis.call('HGET', KEYS[1], 'holder') ~= ARGV[3] then return 'fenced' end
redis.call('HSET', KEYS[1], 'epoch', mine, 'ends', now + tonumber(ARGV[2]),
  'holder', ARGV[3], 'url', ARGV[4], 'at', ARGV[5])
if epoch == mine then return 'ours' end
redis.call('HSET', KEYS[1], 'since', now)
return 'lost'`);

const letGo = new Script(`${stored}
if epoch == tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'ends', now, 'holder', '') end
return 1`);

/** Each command comes with its length before it. */
const write = new Script(`${stored}
local mine = tonumber(ARGV[1])
if epoch > mine then return 'fenced' end
if epoch < mine then return 'lost' end
local done = {}
local i = 2
while i <= #ARGV do
  local n = tonumber(ARGV[i])
  local reply = redis.pcall(unpack(ARGV, i + 1, i + n))
  done[#done + 1] = type(reply) == 'table' and reply.err or ''
  i = i + n + 1
end
return done`);

const isHere = new Script(`${now}
redis.call('HSET', KEYS[1], ARGV[1], now)
local all = redis.call('HGETALL', KEYS[1])
local seen = {}
for i = 1, #all, 2 do
  local ago = now - tonumber(all[i + 1])
  if ago > tonumber(ARGV[2]) then redis.call('HDEL', KEYS[1], all[i])
  else seen[#seen + 1] = {all[i], ago} end
end
return seen`);

/** The lease in Redis, as one hash: it is there whole or not at all. */
export class RedisLeaseStore implements LeaseStore {
  private readonly redis: Redis;
  private readonly deployment: string;

  constructor(redis: Redis, deployment: string) {
    this.redis = redis;
    this.deployment = deployment;
  }

  async look(): Promise<Held | null> {
    type Fields = [number, string, string, string, number, number];
    const found = (await look.run(this.redis, this.key('lease'))) as Fields | null;
    if (!found) return null;
    const [epoch, holder, url, at, leftMs, heldMs] = found;
    return { epoch, holder, url, at, leftMs, heldMs };
  }

  async take({ over, epoch, ttlMs, force }: Taking, { id, url, at }: Me): Promise<boolean> {
    const args = [over, epoch, ttlMs, force ? 1 : 0, id, url, at];
    return (await take.run(this.redis, this.key('lease'), args)) === 1;
  }

  async renew(epoch: number, ttlMs: number, { id, url, at }: Me) {
    const said = await renew.run(this.redis, this.key('lease'), [epoch, ttlMs, id, url, at]);
    return said as 'ours' | 'lost' | 'fenced';
  }

  async letGo(epoch: number): Promise<void> {
    await letGo.run(this.redis, this.key('lease'), [epoch]);
  }

  async write(epoch: number, commands: readonly RedisCommand[]) {
    const args = commands.flatMap((command) => [command.length, ...command]);
    const said = await write.run(this.redis, this.key('lease'), [epoch, ...args]);
    if (said === 'fenced' || said === 'lost') return said;
    return (said as string[]).map((error) => (error === '' ? null : error));
  }

  async isHere(url: string, withinMs: number): Promise<readonly Seen[]> {
    const seen = await isHere.run(this.redis, this.key('controllers'), [url, withinMs]);
    return (seen as [string, number][]).map(([one, agoMs]) => ({ url: one, agoMs }));
  }

  private key(name: string): string {
    return `liandong:${this.deployment}:${name}`;
  }
}
