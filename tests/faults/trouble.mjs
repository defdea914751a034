import { writeSync } from 'node:fs';

// Loaded before the controller (node --import): at SIGUSR2 it comes into the trouble that LIANDONG_TROUBLE names.
const troubles = {
  // Whatever waits in the event loop waits on.
  block: () => {
    const until = performance.now() + Number(process.env.LIANDONG_BLOCK_MS);
    while (performance.now() < until);
  },
  rejection: () => void Promise.reject(new Error('a rejection that nobody handles')),
  exception: () => {
    throw new Error('an exception that nobody catches');
  },
  memory: () => {
    const held = [];
    for (;;) held.push(new Array(100_000).fill(held.length));
  },
};

process.on('SIGUSR2', () =>
  setImmediate(() => {
    writeSync(2, 'in trouble\n');
    troubles[process.env.LIANDONG_TROUBLE]();
  }),
);
