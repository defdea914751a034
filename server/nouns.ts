import type { Config } from '../config/load.ts';
import type { Step } from '../config/staffing.ts';
import type { Hotline, WaitStep } from '../telephony/hotline.ts';
import type { Centre } from '../telephony/call.ts';
import type { Peer, Trunk } from '../telephony/trunk.ts';

/** The configuration as the subjects use it: by name. */
export interface Nouns {
  readonly hotlines: Readonly<Record<string, Hotline>>;
  readonly peers: Readonly<Record<string, Peer>>;
  readonly trunks: Readonly<Record<string, Trunk>>;
  /** Which hotline a dialled number means. */
  readonly hotlineOf: Readonly<Record<string, Hotline>>;
  /** Centres reached by trunk, by site. */
  readonly centres: Readonly<Record<string, Centre>>;
  /** Numbers and names under which other platforms hand citizens over to us. */
  readonly platforms: ReadonlySet<string>;
  /** The prompt by which who rings this hotline by this trunk is told that the call is recorded; undefined: none. */
  readonly announced: (hotline: string, trunk: string) => string | undefined;
}

export function nounsOf(config: Config): Nouns {
  const hotlines = config.hotlines.map(({ steps, ...hotline }): Hotline => ({
    ...hotline,
    waitSteps: steps.flatMap(waitStep),
  }));
  return {
    platforms: new Set(
      config.peers.flatMap(({ id, routes }) => [id, ...routes.map(({ number }) => number)]),
    ),
    hotlines: Object.fromEntries(hotlines.map((hotline) => [hotline.id, hotline])),
    peers: Object.fromEntries(config.peers.map((peer) => [peer.id, peer])),
    trunks: Object.fromEntries(config.trunks.map((trunk) => [trunk.name, trunk])),
    hotlineOf: Object.fromEntries(
      hotlines.flatMap((hotline) => hotline.numbers.map((number) => [number, hotline])),
    ),
    centres: Object.fromEntries(config.sites.flatMap(centre)),
    announced: (hotline, trunk) => {
      const ours = config.hotlines.find(({ id }) => id === hotline);
      if (!config.recording || !ours?.recorded) return undefined;
      const theirs = config.trunks.find(({ name }) => name === trunk);
      return theirs?.recordingAnnounced ?? ours.recordingAnnounced ?? undefined;
    },
  };
}

/** What she hears of a step; reaching further is routing's part. */
function waitStep(step: Step): WaitStep[] {
  if (!('say' in step)) return [];
  const { say, afterSeconds } = step;
  if (say === 'place') return [{ do: 'place', afterSeconds, everySeconds: step.everySeconds }];
  if (say === 'call-back') return [{ do: 'callBack', afterSeconds }];
  return [{ do: 'answers', afterSeconds, byKey: step.keys }];
}

/** The first route leads there. */
function centre({ id, name, routes, confirm, ringSeconds }: Config['sites'][number]) {
  const [route] = routes;
  return route ? [[id, { id, name, route, confirm, ringSeconds }] as const] : [];
}

/** One Stasis application a deployment. */
export const appOf = (config: Config): string => `liandong-${config.deployment.id}`;
