import { on } from 'node:events';
import { Refusal, type Words } from '../../kernel/errors.ts';
import { threadBeside } from '../../kernel/thread.ts';
import type { Search } from './conditions.ts';
import type { Exported } from './export.ts';

export const formats = ['jsonl', 'csv', 'xlsx'] as const;
export type Format = (typeof formats)[number];

export interface ExportAsked extends Exported {
  readonly databaseUrl: string;
  readonly format: Format;
  readonly wanted: Search;
}

/** What the thread says. It goes on after a part when it is told that there is room for more. */
export type FromThread =
  | { readonly part: Uint8Array }
  | { readonly end: true }
  | { readonly refused: { readonly code: string; readonly words: Words; readonly field?: string } }
  | { readonly failed: string };

let underWay = 0;
/** Each has a thread and a connection. */
const MOST = 2;

/**
 * An export made in a thread of its own, with a connection of its own: whatever its size, calls do not notice. Who stops
 * reading ends it.
 * @throws Refusal `exports-busy`, `too-many-rows`, `database-away`
 */
export async function* exportBeside(asked: ExportAsked): AsyncGenerator<Uint8Array> {
  if (underWay >= MOST) throw busy();
  underWay += 1;
  const thread = threadBeside(import.meta.url, 'export-thread', asked);
  try {
    for await (const [said] of on(thread, 'message', { close: ['exit'] }) as AsyncIterable<
      [FromThread]
    >) {
      if ('end' in said) return;
      if ('refused' in said) {
        throw new Refusal(said.refused.code, said.refused.words, said.refused.field);
      }
      if ('failed' in said) throw new Error(said.failed);
      yield said.part;
      thread.postMessage('more');
    }
    throw new Error('the thread of an export ended before its end');
  } finally {
    underWay -= 1;
    await thread.terminate();
  }
}

const busy = (): Refusal =>
  new Refusal('exports-busy', {
    zh: '其他人正在导出，请稍后再试',
    en: 'other exports are being made; try again in a moment',
  });
