import { pino } from 'pino';
import { ConfigErrors } from '../config/faults.ts';
import { readEnvironment } from './environment.ts';
import { start } from './start.ts';

/** The controller as a process; see README for the variables of its environment. */

const log = pino({ level: process.env.LIANDONG_LOG ?? 'info' });

try {
  const running = await start(readEnvironment(process.env), log);
  log.info(`Liandong is ready at ${running.url}`);
  const stop = () => void running.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  if (error instanceof ConfigErrors) console.error(`${error.words.zh}\n${error.words.en}`);
  else
    console.error(
      `Liandong cannot start: ${error instanceof Error ? error.message : String(error)}`,
    );
  process.exit(1);
}

// A fault in one call must not end the others.
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
