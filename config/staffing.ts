import { z } from 'zod';
import {
  id,
  name,
  nullable,
  orNull,
  password,
  promptOrNull,
  seconds,
  secondsOrNull,
  skills,
  should,
  telephone,
  text,
  whole,
  words,
} from './values.ts';

// Who takes the caller when the seats of her hotline do not: links, sites, steps, plans, and who is told.

/** 1 is asked first, 5 last. */
const preference = z.literal([1, 2, 3, 4, 5]);

const callers = whole(1, 100_000, { zh: '人', en: 'callers' });
const someCallers = {
  zh: '1 到 100000 的整数（人）',
  en: 'a whole number of callers from 1 to 100000',
};

/** One step as it is written: it reaches a group of seats or it says something. */
const step = z.strictObject({
  after: seconds(0, 3600).optional(),
  whenWaiting: nullable(callers, someCallers).optional(),
  reach: z.string().optional(),
  preference: preference.optional(),
  say: z.enum(['place', 'call-back', 'answers']).optional(),
  every: seconds(10, 600).optional(),
  keys: z
    .record(z.string().regex(/^[2-9]$/, should('按键 2 到 9', 'a key from 2 to 9')), name)
    .optional(),
});

/** What a hotline does when its own seats are not enough. */
export const overflow = {
  longestWaitSeconds: secondsOrNull,
  longestQueue: orNull(callers, someCallers),
  steps: z.array(step).default([]),
};

export const person = z.strictObject({
  id,
  name: text,
  roles: z
    .array(z.enum(['manager', 'emergency']))
    .min(1, should('至少一个角色（manager、emergency）', 'at least one role: manager, emergency')),
  seat: orNull(id, { zh: '班长自己的座席号', en: 'the id of a place of his own' }),
  line: z.enum(['browser', 'phone']).default('browser'),
  password,
});

/** 监听: whether the operator is shown that a manager listens. Whispering and barging in can be heard. */
export const supervising = z.strictObject({
  listening: z.enum(['shown', 'hidden']).default('shown'),
});

export const link = z.strictObject({
  name: words,
  seats: z.array(id).min(1, should('至少一个座席', 'at least one seat')),
  for: id,
});

const limited = (from: number, to: number) => {
  const error = should(`${from} 到 ${to} 的数字`, `a number from ${from} to ${to}`);
  return z.number({ error }).min(from, { error }).max(to, { error });
};

/** Round trip in ms, loss from 0 to 1, mean opinion score from 1 to 4.5 (ITU-T G.107). */
const quality = (roundTripMs: number, loss: number, mos: number) =>
  z
    .strictObject({
      roundTripMs: limited(1, 10_000).default(roundTripMs),
      loss: limited(0, 1).default(loss),
      mos: limited(1, 4.5).default(mos),
    })
    .prefault({});

export const site = z.strictObject({
  name: words,
  region: orNull(
    z.string().regex(/^\d{6}$/, should('六位行政区划代码', 'a region code of 6 digits')),
    {
      zh: '六位行政区划代码（GB/T 2260，加引号）',
      en: 'a region code of 6 digits in quotes (GB/T 2260)',
    },
  ),
  line: z.enum(['browser', 'trunk']),
  routes: z.array(z.strictObject({ trunk: name, number: telephone })).default([]),
  seats: whole(1, 1000, { zh: '席', en: 'seats' }).optional(),
  skills,
  confirm: z.enum(['key', 'answer']).default('key'),
  ringSeconds: seconds(3, 120).default(15),
  leaseMinutes: whole(1, 10_080, {
    zh: '分钟；租约不能为零',
    en: 'minutes (no lease is zero)',
  }).default(60),
  standing: z.boolean().default(false),
  autoAnswer: z.boolean().optional(),
  password: password.optional(),
  not: z.array(name).default([]),
  worst: z
    .strictObject({ lower: quality(150, 0.02, 3.8), out: quality(400, 0.08, 3) })
    .prefault({}),
});

const hours = should('大于 0、不超过 720 的小时数', 'hours, more than 0 and at most 720');

export const plan = z.strictObject({
  name: words,
  /** 一般, 较大, 重大, 特别重大. */
  level: z.enum(['general', 'larger', 'major', 'extraordinary']),
  mayOpen: z.array(id).min(1, should('至少一个人', 'at least one person')),
  queues: z.array(id).min(1, should('至少一条热线', 'at least one hotline')),
  sites: z
    .array(
      z.strictObject({
        site: name,
        seats: whole(1, 1000, { zh: '席', en: 'seats' }),
        preference: preference.default(3),
      }),
    )
    .min(1, should('至少一个职场', 'at least one site')),
  prompt: promptOrNull,
  hours: z.number({ error: hours }).positive({ error: hours }).max(720, { error: hours }),
  wellMinutes: nullable(whole(1, 1440, { zh: '分钟', en: 'minutes' }), {
    zh: '1 到 1440 的整数（分钟）',
    en: 'a whole number of minutes from 1 to 1440',
  }).default(15),
  onForecast: z.enum(['nothing', 'proposes', 'opens']).default('proposes'),
  twoPeople: z.boolean().default(false),
});

const url = should('http:// 或 https:// 地址', 'an address with http:// or https://');

export const subscriber = z.strictObject({
  name,
  url: z.string().refine(isWebAddress, { error: url }),
  secret: z
    .string({ error: should('密钥或 {env: 变量名}', 'a secret or {env: NAME}') })
    .min(8, should('至少 8 个字符的密钥', 'a secret of at least 8 characters')),
});

/** A step of a hotline, checked; the waits in seconds. */
export type Step =
  | {
      /** A hotline's id, `link:<id>` or `site:<id>`. */
      readonly reach: string;
      readonly preference: 1 | 2 | 3 | 4 | 5;
      readonly afterSeconds: number;
      /** Open for everybody at once while so many wait; null: only the wait counts. */
      readonly whenWaiting: number | null;
    }
  | { readonly say: 'place'; readonly afterSeconds: number; readonly everySeconds: number }
  | { readonly say: 'call-back'; readonly afterSeconds: number }
  | {
      readonly say: 'answers';
      readonly afterSeconds: number;
      /** Key 2 to 9 -> the name of the prompt that answers. */
      readonly keys: Readonly<Record<string, string>>;
    };

type Overflow = z.output<z.ZodObject<typeof overflow>>;

/**
 * The steps as they are meant: what reaches further and says neither `after` nor `whenWaiting` begins at the
 * limits of the queue. Only for what has passed the cross-checks.
 */
export function stepsOf({ longestWaitSeconds, longestQueue, steps }: Overflow): Step[] {
  return steps.map((written): Step => {
    const { after, whenWaiting, reach, say, every = 60, keys = {} } = written;
    const afterSeconds = after ?? longestWaitSeconds ?? 0;
    if (reach !== undefined) {
      const limit = after === undefined ? longestQueue : null;
      const crowd = whenWaiting === undefined ? limit : whenWaiting;
      return { reach, preference: written.preference ?? 3, afterSeconds, whenWaiting: crowd };
    }
    if (say === 'place') return { say, afterSeconds, everySeconds: every };
    if (say === 'answers') return { say, afterSeconds, keys };
    return { say: 'call-back', afterSeconds };
  });
}

function isWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password: secret } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && secret === '';
}
