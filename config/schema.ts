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

const text = z.string().trim().min(1, should('非空文字', 'a text that is not empty'));

const words = z.strictObject({ zh: text, en: text });

/** Names that we make up and that stand in Asterisk's files: trunk names, prompt names, skills. */
const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,30}$/,
    should(
      '小写字母开头的名称（小写字母、数字、连字符）',
      'a name of small letters, digits and hyphens',
    ),
  );

const id = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,30}$/,
    should('标识（小写字母、数字、连字符）', 'an id of small letters, digits and hyphens'),
  );

const telephone = z
  .string()
  .regex(
    /^\+?\d{2,15}$/,
    should('电话号码（2 到 15 位数字，加引号）', 'a telephone number of 2 to 15 digits, in quotes'),
  );

const seconds = (from: number, to: number) => {
  const error = should(`${from} 到 ${to} 的整数（秒）`, `whole seconds from ${from} to ${to}`);
  return z.int({ error }).min(from, { error }).max(to, { error });
};

const leaveAfterSeconds = z
  .union([seconds(1, 3600), z.null()], {
    error: should('1 到 3600 的整数（秒）或 null', 'whole seconds from 1 to 3600, or null'),
  })
  .default(null);

const port = z
  .int({ error: should('端口 1 到 65535', 'a port from 1 to 65535') })
  .min(1, { error: should('端口 1 到 65535', 'a port from 1 to 65535') })
  .max(65535, { error: should('端口 1 到 65535', 'a port from 1 to 65535') });

const ipAddress = z
  .string()
  .refine((value) => isIP(value) !== 0, { error: should('IP 地址', 'an IP address') });

const listener = z.strictObject({ host: ipAddress.default('127.0.0.1'), port: port.optional() });

/** host:port, [ipv6]:port */
function addressOf(value: string): { host: string; port: number } | undefined {
  const [, ipv6, host = ipv6, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? [];
  if (host === undefined || (ipv6 !== undefined && isIP(ipv6) !== 6)) return undefined;
  if (!ipv6 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)) return undefined;
  if (!ipv6 && /^[\d.]+$/.test(host) && isIP(host) !== 4) return undefined;
  const number = Number(digits);
  return number >= 1 && number <= 65535 ? { host, port: number } : undefined;
}

const address = z.string().transform((value, context) => {
  if (value === PRACTICE) return { host: PRACTICE, port: 0 };
  const found = addressOf(value);
  if (found) return found;
  context.addIssue({
    code: 'custom',
    message: should(`主机:端口，或 ${PRACTICE}`, `host:port, or ${PRACTICE}`),
  });
  return z.NEVER;
});

const source = z.string().refine(
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
const skills = z
  .array(z.union([name.transform((skill) => ({ [skill]: 1 })), aSkill], { error: aSkillIs }))
  .transform((list) =>
    list.flatMap((entry) =>
      Object.entries(entry).map(([skill, known]) => ({ skill, level: known })),
    ),
  )
  .default([]);

const relaxStep = z.strictObject({
  afterSeconds: seconds(1, 3600),
  skill: name,
  level: level(0, MOST_LEVEL - 1).default(0),
});

const hotline = z.strictObject({
  name: words,
  numbers: z.array(telephone).min(1, should('至少一个号码', 'at least one number')),
  emergency: z.boolean().default(false),
  welcome: z
    .union([name, z.null()], {
      error: should('提示音名称或 null', 'the name of a prompt, or null'),
    })
    .default(null),
  offerSeconds: seconds(3, 120).default(15),
  wrapUpSeconds: seconds(0, 3600).default(20),
  transferSeconds: seconds(5, 600).default(60),
  needs: skills,
  relax: z.array(relaxStep).default([]),
  strategy: z.enum(['longest-idle', 'most-skilled', 'least-occupied']).default('longest-idle'),
  targetSeconds: seconds(1, 600).default(15),
  keepTurnSeconds: seconds(0, 3600).default(300),
  leaveAfterSeconds,
});

const trunk = z.strictObject({
  address,
  sources: z.array(source).default([]),
  trusted: z.boolean().default(false),
  emergency: z.boolean().default(false),
  carriesForeignNumbers: z.boolean().default(false),
  ownNumber: telephone,
  passedOnBy: z.enum(['diversion', 'history-info', 'both', 'none']).default('diversion'),
});

const peer = z.strictObject({
  name: words,
  routes: z
    .array(z.strictObject({ trunk: name, number: telephone }))
    .min(1, should('至少一条路由', 'at least one route')),
  ringSeconds: seconds(3, 300).default(25),
  leaveAfterSeconds,
});

const ARGON2 = /^\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/-]+\$[\w+/-]+$/;

/** True: a hash made by argon2id; false: a plain password. */
export const isPasswordHash = (password: string): boolean => ARGON2.test(password);

const password = z
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

const seat = z.strictObject({
  id,
  name: text,
  hotlines: z.array(id).min(1, should('至少一条热线', 'at least one hotline')),
  skills,
  line: z.enum(['browser', 'phone']).default('browser'),
  password,
});

/** The whole file, as it is written. */
export const configSchema = z.strictObject({
  deployment: z.strictObject({ id: name, name: words }),
  http: listener.default({ host: '127.0.0.1' }),
  sip: listener.default({ host: '127.0.0.1' }),
  hotlines: z
    .record(id, hotline)
    .refine((all) => Object.keys(all).length > 0, should('至少一条热线', 'at least one hotline')),
  trunks: z.record(name, trunk).default({}),
  peers: z.record(id, peer).default({}),
  seats: z.array(seat).default([]),
  practice: z
    .strictObject({ citizenPage: z.boolean().default(false), peers: z.boolean().default(false) })
    .default({ citizenPage: false, peers: false }),
});

type Written = z.output<typeof configSchema>;
type Entry<Section extends 'hotlines' | 'trunks' | 'peers'> = Written[Section][string];

/** The file, checked; what stood under a name carries it as `id` or `name`, in the order of the file. */
export interface Config {
  readonly deployment: Written['deployment'];
  /** Port undefined: taken from LIANDONG_PORT_BASE. */
  readonly http: Written['http'];
  readonly sip: Written['sip'];
  readonly hotlines: readonly (Entry<'hotlines'> & { readonly id: string })[];
  readonly trunks: readonly (Entry<'trunks'> & { readonly name: string })[];
  readonly peers: readonly (Entry<'peers'> & { readonly id: string })[];
  readonly seats: Written['seats'];
  readonly practice: Written['practice'];
}
