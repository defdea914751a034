import { Hall } from './hall.ts';
import type { FaultRow, Form } from './row.ts';
import type { Outcome } from './rows.ts';

/** Runs rows one after another in one hall, which is built anew where a row has spoiled it or left it unsound. */
export class Runs {
  #hall: Hall | undefined;
  #twoNodes = false;

  async runs(row: FaultRow, form: Form = 'whole'): Promise<Outcome> {
    if (row.absent !== undefined)
      return { row, seen: `does not exist with us: ${row.absent}`, wrong: [], seconds: 0 };
    const hall = await this.soundHall(row.twoNodes);
    const began = Date.now();
    const { words, wrong } = await row.run(hall, form).then(
      ({ words, wrong = [] }) => ({ words, wrong }),
      (error: Error) => ({ words: '', wrong: [error.message] }),
    );
    const found = row.spoils
      ? []
      : await hall.isJudged().catch((error: Error) => [`the judge cannot look: ${error.message}`]);
    if (row.spoils || found.length > 0) await this.close();
    const seconds = Math.round((Date.now() - began) / 1000);
    return { row, seen: words, wrong: [...wrong, ...found], seconds };
  }

  async close(): Promise<void> {
    const hall = this.#hall;
    this.#hall = undefined;
    await hall?.ends();
  }

  /** The hall as it stands, or a new one; the judge has nothing against it. */
  async soundHall(twoNodes = false): Promise<Hall> {
    if (this.#twoNodes !== twoNodes) await this.close();
    if (this.#hall) return this.#hall;
    this.#twoNodes = twoNodes;
    this.#hall = await Hall.open(undefined, { twoNodes });
    const found = await this.#hall.judgedNow();
    if (found.length > 0) throw new Error(`the hall itself is not sound: ${found.join('; ')}`);
    return this.#hall;
  }
}
