import { z } from 'zod';
import { desk } from './desk.ts';
import { exchange, type Exchange } from './exchange.ts';
import { recording } from './recording.ts';
import {
  link,
  overflow,
  person,
  plan,
  site,
  subscriber,
  supervising,
  type Step,
} from './staffing.ts';
import {
  address,
  figures,
  id,
  listener,
  name,
  orNull,
  password,
  promptOrNull,
  relaxStep,
  seconds,
  secondsOrNull,
  should,
  skills,
  source,
  telephone,
  text,
  whole,
  words,
} from './values.ts';

export { isPasswordHash } from './values.ts';

const hotline = z.strictObject({
  name: words,
  numbers: z.array(telephone).min(1, should('至少一个号码', 'at least one number')),
  emergency: z.boolean().default(false),
  welcome: promptOrNull,
  recorded: z.boolean().default(true),
  recordingAnnounced: promptOrNull,
  offerSeconds: seconds(3, 120).default(15),
  wrapUpSeconds: seconds(0, 3600).default(20),
  transferSeconds: seconds(5, 600).default(60),
  needs: skills,
  relax: z.array(relaxStep).default([]),
  strategy: z.enum(['longest-idle', 'most-skilled', 'least-occupied']).default('longest-idle'),
  targetSeconds: seconds(1, 600).default(15),
  keepTurnSeconds: seconds(0, 3600).default(300),
  sameSeatSeconds: seconds(0, 3600).default(600),
  seatBackSeconds: seconds(0, 30).optional(),
  leaveAfterSeconds: secondsOrNull,
  satisfactionSeconds: orNull(seconds(3, 60), {
    zh: '3 到 60 的整数（秒）',
    en: 'whole seconds from 3 to 60',
  }),
  callBackTrunk: orNull(name, { zh: '中继名称', en: 'the name of a trunk' }),
  survival: orNull(name, { zh: '职场名称', en: 'the name of a site' }),
  survivalSeconds: seconds(1, 3600).optional(),
  ...overflow,
});

const trunk = z.strictObject({
  address,
  sources: z.array(source).default([]),
  trusted: z.boolean().default(false),
  emergency: z.boolean().default(false),
  carriesForeignNumbers: z.boolean().default(false),
  ownNumber: telephone,
  passedOnBy: z.enum(['diversion', 'history-info', 'both', 'none']).default('diversion'),
  drill: z.boolean().default(false),
  recordingAnnounced: promptOrNull,
  qualifySeconds: seconds(0, 3600).default(10),
});

const peer = z.strictObject({
  name: words,
  routes: z
    .array(z.strictObject({ trunk: name, number: telephone }))
    .min(1, should('至少一条路由', 'at least one route')),
  ringSeconds: seconds(3, 300).default(25),
  leaveAfterSeconds: secondsOrNull,
});

const seat = z.strictObject({
  id,
  name: text,
  hotlines: z.array(id).min(1, should('至少一条热线', 'at least one hotline')),
  skills,
  line: z.enum(['browser', 'phone']).default('browser'),
  site: orNull(name, { zh: '职场名称', en: 'the name of a site' }),
  password,
  autoAnswer: z.boolean().optional(),
  played: z.boolean().default(false),
});

/** The whole file, as it is written. */
export const configSchema = z.strictObject({
  deployment: z.strictObject({
    id: name,
    name: words,
    /** GB/T 2260; stands in the numbers of tickets. */
    division: z
      .string()
      .regex(/^[1-9]\d{5}$/, should('六位行政区划代码', 'a division code of six digits, in quotes'))
      .default('510100'),
  }),
  http: listener.default({ host: '127.0.0.1' }),
  sip: listener.default({ host: '127.0.0.1' }),
  hotlines: z
    .record(id, hotline)
    .refine((all) => Object.keys(all).length > 0, should('至少一条热线', 'at least one hotline')),
  trunks: z.record(name, trunk).default({}),
  peers: z.record(id, peer).default({}),
  sites: z.record(name, site).default({}),
  seats: z.array(seat).default([]),
  people: z.array(person).default([]),
  supervising: supervising.default({ listening: 'shown' }),
  desk: desk.prefault({}),
  figures,
  links: z.record(name, link).default({}),
  plans: z.record(name, plan).default({}),
  subscribers: z.array(subscriber).default([]),
  exchange: exchange.prefault({}),
  recording: recording.nullable().default(null),
  metrics: z.strictObject({ sources: z.array(source).default([]) }).default({ sources: [] }),
  admission: z
    .strictObject({
      callsPerSecond: whole(1, 1000, { zh: '个/秒', en: 'calls a second' }).default(100),
      mostWaiting: whole(1, 100_000, { zh: '人', en: 'callers' }).default(1000),
    })
    .default({ callsPerSecond: 100, mostWaiting: 1000 }),
  practice: z
    .strictObject({ citizenPage: z.boolean().default(false), peers: z.boolean().default(false) })
    .default({ citizenPage: false, peers: false }),
});

type Written = z.output<typeof configSchema>;
type Block = 'hotlines' | 'trunks' | 'peers' | 'sites' | 'links' | 'plans';
type Entry<Section extends Block> = Written[Section][string];
type WithId<Section extends Block> = Entry<Section> & { readonly id: string };

/** The file, checked; what stood under a name carries it as `id` or `name`, in the order of the file. */
export interface Config {
  readonly deployment: Written['deployment'];
  /** Port undefined: taken from LIANDONG_PORT_BASE. */
  readonly http: Written['http'];
  readonly sip: Written['sip'];
  readonly hotlines: readonly (Omit<
    WithId<'hotlines'>,
    'steps' | 'survivalSeconds' | 'seatBackSeconds'
  > & {
    readonly steps: readonly Step[];
    /** How long her callers wait in the switch for a controller before they go to `survival`. */
    readonly survivalSeconds: number;
    readonly seatBackSeconds: number;
  })[];
  readonly trunks: readonly (Entry<'trunks'> & { readonly name: string })[];
  readonly peers: readonly WithId<'peers'>[];
  /** Those of the file, and managers' own places, which serve no hotline. */
  readonly seats: readonly (Omit<Written['seats'][number], 'autoAnswer'> & {
    /** 自动应答: the seat's own setting, else that of its site. */
    readonly autoAnswer: boolean;
  })[];
  readonly people: Written['people'];
  readonly supervising: Written['supervising'];
  readonly desk: Written['desk'];
  readonly figures: Written['figures'];
  readonly links: readonly WithId<'links'>[];
  /** `seats`: how many a centre by trunk has; 0: its seats are those of `seats` that name it. */
  readonly sites: readonly (Omit<WithId<'sites'>, 'seats' | 'password' | 'autoAnswer'> & {
    readonly seats: number;
    /** null: it stands without a lease and never logs in. */
    readonly password: string | null;
  })[];
  readonly plans: readonly WithId<'plans'>[];
  readonly subscribers: readonly (Written['subscribers'][number] & {
    readonly fromEnvironment: boolean;
  })[];
  readonly exchange: Exchange;
  /** Null: nothing is recorded. */
  readonly recording: Written['recording'];
  readonly metrics: Written['metrics'];
  readonly admission: Written['admission'];
  readonly practice: Written['practice'];
}
