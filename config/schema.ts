import { z } from 'zod';
import { link, overflow, person, plan, site, subscriber, type Step } from './staffing.ts';
import {
  address,
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
  words,
} from './values.ts';

export { isPasswordHash } from './values.ts';

const hotline = z.strictObject({
  name: words,
  numbers: z.array(telephone).min(1, should('至少一个号码', 'at least one number')),
  emergency: z.boolean().default(false),
  welcome: promptOrNull,
  offerSeconds: seconds(3, 120).default(15),
  wrapUpSeconds: seconds(0, 3600).default(20),
  transferSeconds: seconds(5, 600).default(60),
  needs: skills,
  relax: z.array(relaxStep).default([]),
  strategy: z.enum(['longest-idle', 'most-skilled', 'least-occupied']).default('longest-idle'),
  targetSeconds: seconds(1, 600).default(15),
  keepTurnSeconds: seconds(0, 3600).default(300),
  sameSeatSeconds: seconds(0, 3600).default(600),
  leaveAfterSeconds: secondsOrNull,
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
  sites: z.record(name, site).default({}),
  seats: z.array(seat).default([]),
  people: z.array(person).default([]),
  links: z.record(name, link).default({}),
  plans: z.record(name, plan).default({}),
  subscribers: z.array(subscriber).default([]),
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
  readonly hotlines: readonly (Omit<WithId<'hotlines'>, 'steps' | 'survivalSeconds'> & {
    readonly steps: readonly Step[];
    /** How long her callers wait in the switch for a controller before they go to `survival`. */
    readonly survivalSeconds: number;
  })[];
  readonly trunks: readonly (Entry<'trunks'> & { readonly name: string })[];
  readonly peers: readonly WithId<'peers'>[];
  readonly seats: Written['seats'];
  readonly people: Written['people'];
  readonly links: readonly WithId<'links'>[];
  /** `seats`: how many a centre by trunk has; 0: its seats are those of `seats` that name it. */
  readonly sites: readonly (Omit<WithId<'sites'>, 'seats' | 'password'> & {
    readonly seats: number;
    /** null: it stands without a lease and never logs in. */
    readonly password: string | null;
  })[];
  readonly plans: readonly WithId<'plans'>[];
  readonly subscribers: readonly (Written['subscribers'][number] & {
    readonly fromEnvironment: boolean;
  })[];
  readonly practice: Written['practice'];
}
