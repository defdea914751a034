// Loaded before the controller (node --import): kills it (SIGKILL) right before or after its n-th order to Asterisk, or
// its n-th writing down of a call, from the moment at which SIGUSR2 comes. LIANDONG_DIE says which: `ari before 3`,
// `redis after 1`; `never` only counts. At SIGUSR1 the counts are written to LIANDONG_DIE_COUNTS,
// and it dies no more.
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';

const [what, when, nth] = (process.env.LIANDONG_DIE ?? 'never').split(' ');
const counts = { ari: 0, redis: 0 };
let armed = false;

process.on('SIGUSR2', () => {
  armed = true;
});
process.on('SIGUSR1', () => {
  armed = false;
  writeFileSync(process.env.LIANDONG_DIE_COUNTS ?? '/dev/null', JSON.stringify(counts));
});

const die = () => process.kill(process.pid, 'SIGKILL');

/** Whether this is the one after which it dies; before it, it is dead already. */
function isTheOne(kind) {
  if (!armed) return false;
  counts[kind] += 1;
  if (kind !== what || counts[kind] !== Number(nth)) return false;
  if (when === 'before') die();
  return true;
}

// Each order goes out by itself: what was ordered before this one has reached the kernel.
Socket.prototype.cork = () => undefined;
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function sendAndDie(data, ...rest) {
  const isOrder = String(data).includes('"type":"RESTRequest"') && !String(data).includes('"GET"');
  const last = isOrder && isTheOne('ari');
  send.call(this, data, ...rest);
  if (last) die();
};

const { sendCommand } = Redis.prototype;
Redis.prototype.sendCommand = function sendCommandAndDie(command, ...rest) {
  // It is written by a script that looks at the lease (server/lease): the commands are its arguments.
  const isCall = command.args.some(
    (arg, i) => arg === 'SET' && String(command.args[i + 1]).includes(':call:'),
  );
  const last = isCall && isTheOne('redis');
  const reply = sendCommand.call(this, command, ...rest);
  if (last) command.promise.then(die);
  return reply;
};
