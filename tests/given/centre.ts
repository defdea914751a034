import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingCall } from './call.ts';
import { trunkTo, type Written } from './deployment.ts';
import type { ToneName } from './hearing.ts';
import { anAddress, aPeer, type Peer } from './party.ts';
import type { World } from './world.ts';

/** Where a site's centre is, and the number at which it is rung; its trunk is called as the site is. */
export interface CentreAt {
  readonly site: string;
  readonly ip: string;
  readonly number: string;
}

export const centreAt = async (site: string, number: string): Promise<CentreAt> => ({
  site,
  ip: await anAddress(),
  number,
});

/** Adds a site that is reached by a trunk of its own; its password is its id. */
export const withCentre = (
  config: Written,
  { site, ip, number }: CentreAt,
  rules: Written = {},
  trunk: Written = {},
): Written => ({
  ...config,
  trunks: { ...(config.trunks as Written), [site]: trunkTo(ip, trunk) },
  sites: {
    ...(config.sites as Written),
    [site]: {
      name: { zh: site, en: site },
      line: 'trunk',
      routes: [{ trunk: site, number }],
      seats: 2,
      password: site,
      ...rules,
    },
  },
});

/** The people of a centre; each of its calls is somebody's, all speak in one tone. */
export async function aCentre(
  world: World,
  { site, ip, number }: CentreAt,
  options: { tone?: ToneName; silent?: boolean } = {},
): Promise<Peer> {
  return world.stays(await aPeer({ number, ip, name: site, ...options }));
}

const patienceMs = 10_000;
/** Speech is no tone: of it some share is found at each of them. */
const SPEECH = 20;

/** Whoever has answered there is asked to press 1: speech, before anybody can be heard. */
export async function isAsked(call: IncomingCall): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const levels = await call.heard(200);
    if (Math.max(...Object.values(levels)) > SPEECH) return;
    if (Date.now() > deadline)
      throw new Error(`${call.name} is asked nothing: ${JSON.stringify(levels)}`);
    await sleep(25);
  }
}

/** Somebody there rings, answers, hears what to press and presses it. */
export async function takesAtCentre(centre: Peer): Promise<IncomingCall> {
  const call = await centre.isRung();
  await call.rings();
  await call.answers();
  await isAsked(call);
  call.voice.presses('1');
  return call;
}
