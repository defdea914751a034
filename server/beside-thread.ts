import { parentPort } from 'node:worker_threads';
import { forecast, staysWell } from '../routing/forecast.ts';
import { whatIf } from '../routing/simulator/what-if.ts';
import type { Asked, Job } from './beside.ts';

/** Reckons beside the thread that attends to calls. */

async function answer(job: Job): Promise<unknown> {
  switch (job.do) {
    case 'whatIf':
      return whatIf(job.present, job.change);
    case 'forecast':
      return job.of.map(({ load, aim }) => forecast(load, aim));
    case 'staysWell':
      return job.of.map(({ own, aim, seen }) => staysWell(own, aim, seen));
    case 'lists':
      // Whoever never asks for them does not load what reads them.
      return (await import('../config/lists.ts')).loadLists(job.folder);
  }
}

let before: Promise<unknown> = Promise.resolve();

parentPort?.on('message', ({ id, job }: Asked) => {
  before = before
    .then(() => answer(job))
    .then(
      (answered) => parentPort?.postMessage({ id, answer: answered }),
      (error: unknown) => parentPort?.postMessage({ id, failed: String(error) }),
    );
});
