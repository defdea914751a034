import { Refusal } from '../kernel/errors.ts';
import type { RedisHash } from '../routing/redis/hash.ts';

/** 备注: what operators have written about a call, as they typed it. */
export interface Note {
  readonly text: string;
  /** Rises with each writing; 0: nobody has written anything. */
  readonly version: number;
  /** The seat that wrote last. */
  readonly by: string | null;
  /** Epoch milliseconds. */
  readonly at: number | null;
}

export interface NotesNeeds {
  readonly hash: Pick<RedisHash, 'read' | 'write'>;
  readonly onTrouble: (words: string, detail: Readonly<Record<string, unknown>>) => void;
}

const EMPTY: Note = { text: '', version: 0, by: null, at: null };

/**
 * One note a call, whoever has the call at the moment; it is kept as long as somebody lists the call. Written down when it
 * changes, so that it outlives this controller.
 */
export class Notes {
  readonly #needs: NotesNeeds;
  readonly #notes = new Map<string, Note>();

  constructor(needs: NotesNeeds) {
    this.#needs = needs;
  }

  /** As they were written down. */
  async restores(): Promise<void> {
    const { hash, onTrouble } = this.#needs;
    try {
      for (const [call, text] of Object.entries(await hash.read())) {
        this.#notes.set(call, JSON.parse(text) as Note);
      }
    } catch (error) {
      onTrouble('Notes cannot be read', { error: String(error) });
    }
  }

  of(call: string): Note {
    return this.#notes.get(call) ?? EMPTY;
  }

  /**
   * @param version of the note that its writer had before his eyes
   * @param now epoch milliseconds
   * @throws Refusal `note-changed`: somebody has written meanwhile, in another tab or at another seat
   */
  write(call: string, by: string, text: string, version: number, now: number): Note {
    const before = this.of(call);
    if (version !== before.version) throw changed(before);
    if (text === before.text) return before;
    const note = { text, version: version + 1, by, at: now };
    this.#notes.set(call, note);
    this.#needs.hash.write(call, JSON.stringify(note));
    return note;
  }

  /** Nobody lists this call any more. */
  forget(call: string): void {
    if (this.#notes.delete(call)) this.#needs.hash.write(call, null);
  }

  /** Redis has lost what it had. */
  again(): void {
    for (const [call, note] of this.#notes) this.#needs.hash.write(call, JSON.stringify(note));
  }
}

function changed({ by, version }: Note): Refusal {
  const words = {
    zh: `备注已被修改（座席 ${by}，第 ${version} 版），请先查看`,
    en: `The note was changed meanwhile (by seat ${by}, version ${version}); look at it first`,
  };
  return new Refusal('note-changed', words, 'version');
}
