import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromptView } from './http/emergency-views.ts';
import { wavHeader, type wavFormats } from './wav.ts';

/** Prompts as people on the desks hear and read them: the very files that Asterisk plays. */

const isName = /^[a-z0-9][a-z0-9-]{0,63}$/i;

type Format = keyof typeof wavFormats | 'wav';
const endings: readonly Format[] = ['wav', 'alaw', 'ulaw', 'sln'];

/**
 * A prompt as a WAV file; null: there is none of that name.
 * @param folder where Asterisk's prompts are
 */
export async function promptAsWav(folder: string, name: string): Promise<Buffer | null> {
  if (!isName.test(name)) return null;
  for (const ending of endings) {
    const sound = await readFile(join(folder, `${name}.${ending}`)).catch(() => null);
    if (sound)
      return ending === 'wav' ? sound : Buffer.concat([wavHeader(ending, 1, sound.length), sound]);
  }
  return null;
}

/** What is known of any prompt by its name: what it says (`words.txt`: name, tab, text), and whether it can be heard. */
export async function promptViews(folder: string): Promise<(name: string) => PromptView> {
  const files = new Set(await readdir(folder).catch((): string[] => []));
  const text = await readFile(join(folder, 'words.txt'), 'utf8').catch(() => '');
  const words = new Map(
    text.split(/\r?\n/).map((line) => {
      const [name = '', ...said] = line.split('\t');
      return [name, said.join(' ')] as const;
    }),
  );
  return (name) => ({
    name,
    words: words.get(name) ?? null,
    playable: isName.test(name) && endings.some((ending) => files.has(`${name}.${ending}`)),
  });
}
