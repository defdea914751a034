import { isIP } from 'node:net';
import { z } from 'zod';
import type { Words } from '../kernel/errors.ts';

/** What a value should have been, in both languages, in the one string that zod has room for. */
export const should = (zh: string, en: string): string => `${zh}\u241f${en}`;

/** The two languages of a text made by `should`; undefined: somebody else wrote it. */
export function wordsOf(text: string): Words | undefined {
  const [zh, en] = text.split('\u241f');
  return zh !== undefined && en !== undefined ? { zh, en } : undefined;
}

/** A trunk with this address is answered by Asterisk's own dialplan. */
export const PRACTICE = 'practice';

/** Neither control characters nor those that turn the direction of whatever follows a name. */
const PLAIN = /^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u;

export const text = z
  .string()
  .trim()
  .min(1, should('非空文字', 'a text that is not empty'))
  .regex(PLAIN, should('不含控制字符的文字', 'a text without control characters'));

export const words = z.strictObject({ zh: text, en: text });

/** Names that we make up and that stand in Asterisk's files: trunk names, prompt names, skills. */
export const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,30}$/,
    should(
      '小写字母开头的名称（小写字母、数字、连字符）',
      'a name of small letters, digits and hyphens',
    ),
  );

export const id = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,30}$/,
    should('标识（小写字母、数字、连字符）', 'an id of small letters, digits and hyphens'),
  );

export const telephone = z
  .string()
  .regex(
    /^\+?\d{2,15}$/,
    should('电话号码（2 到 15 位数字，加引号）', 'a telephone number of 2 to 15 digits, in quotes'),
  );

export const seconds = (from: number, to: number) => {
  const error = should(`${from} 到 ${to} 的整数（秒）`, `whole seconds from ${from} to ${to}`);
  return z.int({ error }).min(from, { error }).max(to, { error });
};

/** A whole number with a unit that people know. */
export const whole = (from: number, to: number, unit: Words) => {
  const error = should(
    `${from} 到 ${to} 的整数（${unit.zh}）`,
    `a whole number of ${unit.en} from ${from} to ${to}`,
  );
  return z.int({ error }).min(from, { error }).max(to, { error });
};

/** A figure's target and what is an alarm beyond it; `worse`: the alarm lies above or below the target. */
const figure = (
  target: number,
  alarm: number,
  most: number,
  unit: Words,
  worse: 'above' | 'below',
) =>
  z
    .strictObject({
      target: whole(0, most, unit).default(target),
      alarm: whole(0, most, unit).default(alarm),
    })
    .refine(
      (one) => (worse === 'above' ? one.alarm >= one.target : one.alarm <= one.target),
      worse === 'above'
        ? should('alarm 不小于 target', 'an alarm that is no less than the target')
        : should('alarm 不大于 target', 'an alarm that is no more than the target'),
    )
    .prefault({});

const percent = { zh: '百分比', en: 'percent' };

/** What figures of a wall are measured by; GB/T 33358-2016: 95 % of 24 hours' calls are answered. */
export const figures = z
  .strictObject({
    waiting: figure(10, 20, 100_000, { zh: '人', en: 'callers' }, 'above'),
    inTimePercent: figure(80, 60, 100, percent, 'below'),
    connectPercent: figure(95, 90, 100, percent, 'below'),
    giveUpPercent: figure(5, 10, 100, percent, 'above'),
    longestTimes: whole(1, 100, { zh: '倍', en: 'times' }).default(4),
  })
  .prefault({});

/** A value, or null where there is none. */
export const nullable = <Value extends z.ZodType>(value: Value, is: Words) =>
  z.union([value, z.null()], { error: should(`${is.zh}或 null`, `${is.en}, or null`) });

/** `null` is what is meant when nothing is said. */
export const orNull = <Value extends z.ZodType>(value: Value, is: Words) =>
  nullable(value, is).default(null);

export const secondsOrNull = orNull(seconds(1, 3600), {
  zh: '1 到 3600 的整数（秒）',
  en: 'whole seconds from 1 to 3600',
});

export const promptOrNull = orNull(name, { zh: '提示音名称', en: 'the name of a prompt' });

const port = z
  .int({ error: should('端口 1 到 65535', 'a port from 1 to 65535') })
  .min(1, { error: should('端口 1 到 65535', 'a port from 1 to 65535') })
  .max(65535, { error: should('端口 1 到 65535', 'a port from 1 to 65535') });

const ipAddress = z
  .string()
  .refine((value) => isIP(value) !== 0, { error: should('IP 地址', 'an IP address') });

export const listener = z.strictObject({
  host: ipAddress.default('127.0.0.1'),
  port: port.optional(),
});

/** host:port, [ipv6]:port */
function addressOf(value: string): { host: string; port: number } | undefined {
  const [, ipv6, host = ipv6, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? [];
  if (host === undefined || (ipv6 !== undefined && isIP(ipv6) !== 6)) return undefined;
  if (!ipv6 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)) return undefined;
  if (!ipv6 && /^[\d.]+$/.test(host) && isIP(host) !== 4) return undefined;
  const number = Number(digits);
  return number >= 1 && number <= 65535 ? { host, port: number } : undefined;
}

export const address = z.string().transform((value, context) => {
  if (value === PRACTICE) return { host: PRACTICE, port: 0 };
  const found = addressOf(value);
  if (found) return found;
  context.addIssue({
    code: 'custom',
    message: should(`主机:端口，或 ${PRACTICE}`, `host:port, or ${PRACTICE}`),
  });
  return z.NEVER;
});

export const source = z.string().refine(
  (value) => {
    const [, ip, prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
    const family = isIP(ip ?? '');
    return family !== 0 && (prefix === undefined || Number(prefix) <= (family === 4 ? 32 : 128));
  },
  { error: should('IP 地址或网段（CIDR）', 'an IP address or a network in CIDR form') },
);

const MOST_LEVEL = 9;

const level = (from: number, to: number) => {
  const error = should(`等级 ${from} 到 ${to}`, `a level from ${from} to ${to}`);
  return z.int({ error }).min(from, { error }).max(to, { error });
};

const aSkillIs = should(
  `技能名称，或 {名称: 等级 1 到 ${MOST_LEVEL}}`,
  `the name of a skill, or {name: level 1 to ${MOST_LEVEL}}`,
);

const aSkill = z
  .record(name, level(1, MOST_LEVEL))
  .refine((all) => Object.keys(all).length > 0, { error: aSkillIs });

/** `english` (level 1) or `{english: 3}`; the same skill only once. */
export const skills = z
  .array(z.union([name.transform((skill) => ({ [skill]: 1 })), aSkill], { error: aSkillIs }))
  .transform((list) =>
    list.flatMap((entry) =>
      Object.entries(entry).map(([skill, known]) => ({ skill, level: known })),
    ),
  )
  .default([]);

export const relaxStep = z.strictObject({
  afterSeconds: seconds(1, 3600),
  skill: name,
  level: level(0, MOST_LEVEL - 1).default(0),
});

const ARGON2 = /^\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/-]+\$[\w+/-]+$/;

/** True: a hash made by argon2id; false: a plain password. */
export const isPasswordHash = (password: string): boolean => ARGON2.test(password);

export const password = z
  .string({
    error: should(
      '密码、$argon2id$ 哈希或 {env: 变量名}',
      'a password, an $argon2id$ hash or {env: NAME}',
    ),
  })
  .min(4, should('至少 4 个字符的密码', 'a password of at least 4 characters'))
  .refine((value) => !value.startsWith('$argon2') || isPasswordHash(value), {
    error: should('完整的 $argon2id$ 哈希', 'a whole $argon2id$ hash'),
  });
