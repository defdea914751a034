import type { Words } from '../kernel/errors.ts';

/** One thing that is wrong in the file, and where. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** trunks.carrier.address, seats[2].hotlines[0] */
  readonly path: string;
  readonly expected: Words;
  readonly got: Words;
}

/** A sentence about one fault, with its place. */
export function sentence({ file, line, column, path, expected, got }: Fault): Words {
  const place = `${file}:${line}:${column} ${path}`.trimEnd();
  return {
    zh: `${place}：应为${expected.zh}，实为 ${got.zh}`,
    en: `${place}: expected ${expected.en}, got ${got.en}`,
  };
}

/** The file is not fit to run with: every fault in it, in the order of its lines. */
export class ConfigErrors extends Error {
  readonly faults: readonly Fault[];
  readonly words: Words;

  constructor(faults: readonly Fault[]) {
    const sentences = faults.map(sentence);
    super(sentences.map(({ en }) => en).join('\n'));
    this.name = 'ConfigErrors';
    this.faults = faults;
    this.words = { zh: sentences.map(({ zh }) => zh).join('\n'), en: this.message };
  }
}
