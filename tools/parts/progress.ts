/** Says what is being done, one line at a time. */
export type Progress = (line: string) => void;

/** Lines on stderr, so that results on stdout stay clean. */
export const toStderr: Progress = (line) => {
  process.stderr.write(`${line}\n`);
};

/**
 * Does one piece of work and says how long it took.
 * @returns what the work returns; its errors pass through
 */
export async function step<T>(
  progress: Progress,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const began = Date.now();
  progress(`… ${what}`);
  const result = await work();
  progress(`✓ ${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return result;
}
