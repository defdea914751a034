import type { Words } from '../kernel/errors.ts';
import { ownReasons } from '../kernel/reasons.ts';
import type { Level } from '../routing/staffing/nouns.ts';
import { whoIs } from '../routing/staffing/who.ts';
import type { By } from './http/act-views.ts';
import type { Wired } from './wire.ts';

/** What people call that which the staffing knows by an id. */

export const levelNames: Readonly<Record<Level, Words>> = {
  general: { zh: '一般', en: 'General' },
  larger: { zh: '较大', en: 'Larger' },
  major: { zh: '重大', en: 'Major' },
  extraordinary: { zh: '特别重大', en: 'Extraordinary' },
};

const plain = (text: string): Words => ({ zh: text, en: text });

/** Who did something: a person, a site, or the rules. */
export const byOf = ({ rules }: Wired, id: string): By => ({ id, name: whoIs(rules, id) });

export const seatName = ({ config }: Wired, id: string): Words =>
  plain(config.seats.find((seat) => seat.id === id)?.name ?? id);

export const siteName = ({ config }: Wired, id: string): Words =>
  config.sites.find((site) => site.id === id)?.name ?? plain(id);

/** Why a seat is not ready; a code that the configuration has no more is told as it is. */
export function reasonWords({ config }: Wired, code: string | null): Words | null {
  if (code === null) return null;
  const own: Readonly<Record<string, Words>> = ownReasons;
  return config.desk.reasons[code] ?? own[code] ?? plain(code);
}

/** A group of seats: `12345`, `link:x`, `site:x`, `plan:x/site` or `drill:x/site`. */
export function groupName(wired: Wired, group: string): Words {
  const { config, nouns } = wired;
  const [, kind, id = '', site] = /^(link|site|plan|drill):([^/]+)(?:\/(.+))?$/.exec(group) ?? [];
  switch (kind) {
    case 'link':
      return config.links.find((link) => link.id === id)?.name ?? plain(id);
    case 'site':
      return siteName(wired, id);
    case 'plan':
    case 'drill': {
      const plan = config.plans.find((one) => one.id === id)?.name ?? plain(id);
      const where = siteName(wired, site ?? '');
      return kind === 'plan'
        ? { zh: `${plan.zh}·${where.zh}`, en: `${plan.en}: ${where.en}` }
        : { zh: `演练 ${plan.zh}·${where.zh}`, en: `Drill ${plan.en}: ${where.en}` };
    }
    default:
      return nouns.hotlines[group]?.name ?? plain(group);
  }
}
