import { Worker } from 'node:worker_threads';

/**
 * Begins a thread whose file lies beside that of the one who asks. Run from the sources it, too, reads TypeScript as it stands.
 * @param here `import.meta.url` of who asks
 * @param name of the file, without its ending
 * @param data what it begins with
 */
export function threadBeside(here: string, name: string, data?: unknown): Worker {
  const isSource = here.endsWith('.ts');
  const withTs = new URL('../tools/with-ts.js', import.meta.url).href;
  return new Worker(new URL(`./${name}.${isSource ? 'ts' : 'js'}`, here), {
    execArgv: isSource ? ['--import', withTs] : [],
    workerData: data,
  });
}
