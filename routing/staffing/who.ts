import type { Words } from '../../kernel/errors.ts';
import { BY_RULE } from './happenings.ts';
import type { Rules } from './nouns.ts';
import { own } from './state.ts';

const plain = (text: string): Words => ({ zh: text, en: text });

/**
 * What people call whoever did something.
 * @param by a person, `site:<id>`, or `BY_RULE`; whom the configuration does not know is called as he is given
 */
export function whoIs({ people, sites }: Pick<Rules, 'people' | 'sites'>, by: string): Words {
  if (by === BY_RULE) return { zh: '系统规则', en: 'By rule' };
  const [, site] = /^site:(.+)$/.exec(by) ?? [];
  if (site !== undefined) return sites.find(({ id }) => id === site)?.name ?? plain(site);
  return plain(own(people, by) ?? by);
}
