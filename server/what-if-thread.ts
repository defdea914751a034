import { parentPort, workerData } from 'node:worker_threads';
import { whatIf } from '../routing/simulator/what-if.ts';
import type { Question } from './what-if.ts';

/** Answers one question beside the thread that attends to calls. */

const { present, change } = workerData as Question;
parentPort?.postMessage(whatIf(present, change));
