import type { Words } from '../../kernel/errors.ts';
import type { DiversionList, Item } from './list.ts';
import { search } from './search.ts';

/** What a list says about a matter: where its key should lead, and why. */
export interface Proposal {
  readonly item: Item;
  /** The hotline to which it belongs; null: neither accepts it. */
  readonly target: string | null;
  /** `hand-over`: to the target; `keep`: it is ours; `guide`: not accepted, the citizen is told where to turn. */
  readonly act: 'hand-over' | 'keep' | 'guide';
  readonly why: Words;
  /** What to say to the citizen; null: nothing in particular. */
  readonly guide: Words | null;
}

/** What is known of the matter: its category, or what has been typed. The category counts more. */
export interface Asked {
  readonly text?: string;
  /** Code in the tree of categories. */
  readonly matter?: string | null;
  /** What people call that category; left out: its code. */
  readonly matterName?: Words;
}

/**
 * @param here the hotline that asks
 * @returns what the list says; undefined: it says nothing of it, and who has it keeps it
 */
export function propose(list: DiversionList, asked: Asked, here: string): Proposal | undefined {
  const { text = '', matter, matterName } = asked;
  const byMatter = matter == null ? undefined : itemOf(list, matter);
  if (byMatter) return proposal(list, byMatter, saidOf(matter ?? '', matterName), here);
  const [best] = search(list, text, 1);
  if (!best) return undefined;
  return proposal(list, best.item, { zh: `“${best.term}”`, en: `“${best.term}”` }, here);
}

/** The item that names the category, or the nearest above it. */
const itemOf = ({ items }: DiversionList, matter: string): Item | undefined =>
  items
    .flatMap((item) => item.matters.map((code) => ({ item, code })))
    .filter(({ code }) => matter.startsWith(code))
    .sort((a, b) => b.code.length - a.code.length)[0]?.item;

const saidOf = (matter: string, name: Words | undefined): Words =>
  name
    ? { zh: `“${name.zh}”`, en: `“${name.en}”` }
    : { zh: `事项 ${matter}`, en: `Matter ${matter}` };

function proposal(list: DiversionList, item: Item, said: Words, here: string): Proposal {
  const { to, name, guide } = item;
  const act = to === null ? 'guide' : to === here ? 'keep' : 'hand-over';
  const end: Words =
    to === null
      ? { zh: '12345与110均不受理', en: 'neither 12345 nor 110 accepts it' }
      : { zh: `由${to}受理`, en: `${to} takes it` };
  const by: Words = {
    zh: `《${list.name.zh}》第${list.version}版`,
    en: `${list.name.en}, version ${list.version}`,
  };
  return {
    item,
    target: to,
    act,
    guide,
    why: {
      zh: `${said.zh}属于“${name.zh}”，${end.zh}（${by.zh}）`,
      en: `${said.en} belongs to “${name.en}”: ${end.en} (${by.en})`,
    },
  };
}
