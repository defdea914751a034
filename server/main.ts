import { pino } from 'pino';
import { ConfigErrors } from '../config/faults.ts';
import { readEnvironment } from './environment.ts';
import { start, TakenOver, type Running } from './start.ts';

/** The controller as a process; see README for the variables of its environment. */

/** Another controller is in control: whoever supervises starts this one again, and it stands by (EX_TEMPFAIL). */
const REPLACED = 75;
/** A fault that we did not foresee; calls stand in Redis and on the switch (EX_SOFTWARE). */
const FAULT = 70;

const log = pino({ level: process.env.LIANDONG_LOG ?? 'info' });
let running: Running | undefined;

// Who is not in control has nothing to hand over.
const stop = () => void (running?.close() ?? Promise.resolve()).then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// A fault in one call must not end the others.
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
// What is half done nobody knows: the next one looks at the switch (decision 0006).
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'a fault that nobody caught; this controller ends');
  process.exit(FAULT);
});

try {
  running = await start(readEnvironment(process.env), log);
  log.info(`Liandong is ready at ${running.url}`);
  void running.outOfReach.then(async () => {
    log.warn('Asterisk is reached by another controller and not by this one, which steps down');
    await running?.close();
    process.exit(REPLACED);
  });
  void running.over.then((why) => {
    if (why === 'let go') return;
    log.warn({ why }, 'not in control any more; this controller ends');
    process.exit(REPLACED);
  });
} catch (error) {
  if (error instanceof ConfigErrors) console.error(`${error.words.zh}\n${error.words.en}`);
  else
    console.error(
      `Liandong cannot start: ${error instanceof Error ? error.message : String(error)}`,
    );
  process.exit(error instanceof TakenOver ? REPLACED : 1);
}
