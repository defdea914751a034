/** One command for Redis: its name, then its arguments. */
export type RedisCommand = readonly [name: string, ...args: (string | number)[]];

/** Writes for whoever is in control, and for nobody else. */
export interface FencedWriter {
  /**
   * Carries these commands out together, if we are still in control. What each was refused with; null: it was done.
   * Rejects with `Fenced` when somebody else is in control, and with whatever keeps Redis away.
   */
  write(commands: readonly RedisCommand[]): Promise<readonly (string | null)[]>;
}

/** Somebody else is in control: nothing was written, and nothing may be ordered any more. */
export class Fenced extends Error {
  constructor() {
    super('another controller is in control');
    this.name = 'Fenced';
  }
}

/** Writes all of it, or rejects with the first refusal. */
export async function writeAll(
  writer: FencedWriter,
  commands: readonly RedisCommand[],
): Promise<void> {
  const refused = (await writer.write(commands)).find((one) => one !== null);
  if (refused) throw new Error(refused);
}
