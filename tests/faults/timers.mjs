import { writeFileSync } from 'node:fs';

// Loaded into the controller: on SIGUSR2 it writes down how many timers it has.
process.on('SIGUSR2', () => {
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  writeFileSync(process.env.LIANDONG_TIMERS_FILE, String(timers));
});
