import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startAsterisk } from '../given/asterisk.ts';
import { startRedis } from '../given/redis.ts';

test('two Asterisks side by side answer ARI and complain of nothing', async () => {
  const all = await Promise.all([startAsterisk(), startAsterisk()]);
  try {
    for (const asterisk of all) {
      const authorization = `Basic ${btoa(`${asterisk.user}:${asterisk.password}`)}`;
      const reply = await fetch(`${asterisk.ariUrl}/asterisk/info`, { headers: { authorization } });
      expect(reply.status).toBe(200);
      expect(await asterisk.cli('core show version')).toContain(asterisk.version);
      expect(await asterisk.cli('pjsip show transports')).toContain(
        `127.0.0.1:${asterisk.sipPort}`,
      );
      const log = await readFile(join(asterisk.runDir, 'log/messages.log'), 'utf8');
      const complaints = log.split('\n').filter((line) => /ERROR|WARNING/.test(line));
      expect(complaints).toEqual([]);
    }
  } finally {
    await Promise.all(all.map((asterisk) => asterisk.stop()));
  }
  for (const { pid } of all) expect(existsSync(`/proc/${pid}`)).toBe(false);
});

test('a configuration that cannot work is said with the lines of the log', async () => {
  await expect(
    startAsterisk({ 'modules.conf': '[modules]\nrequire=no_such_module.so\n' }),
  ).rejects.toThrow(/ended while starting[^]*no_such_module/);
});

test('Redis keeps its data over a kill', async () => {
  const redis = await startRedis();
  try {
    await redis.kill();
    await redis.revive();
    expect(existsSync(`/proc/${redis.pid}`)).toBe(true);
  } finally {
    await redis.stop();
  }
});
