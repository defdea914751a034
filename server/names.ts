import type { Words } from '../kernel/errors.ts';
import { BY_RULE } from '../routing/staffing/happenings.ts';
import type { Level } from '../routing/staffing/nouns.ts';
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
export function byOf({ config }: Wired, id: string): By {
  if (id === BY_RULE) return { id, name: { zh: '系统规则', en: 'By rule' } };
  const [, site] = /^site:(.+)$/.exec(id) ?? [];
  const person = config.people.find((one) => one.id === id);
  const name =
    site === undefined
      ? plain(person?.name ?? id)
      : (config.sites.find((one) => one.id === site)?.name ?? plain(site));
  return { id, name };
}

export const siteName = ({ config }: Wired, id: string): Words =>
  config.sites.find((site) => site.id === id)?.name ?? plain(id);

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
