import type { Config } from '../config/load.ts';
import type { Hotline } from '../telephony/hotline.ts';
import type { Peer, Trunk } from '../telephony/trunk.ts';

/** The configuration as the subjects use it: by name. */
export interface Nouns {
  readonly hotlines: Readonly<Record<string, Hotline>>;
  readonly peers: Readonly<Record<string, Peer>>;
  readonly trunks: Readonly<Record<string, Trunk>>;
  /** Which hotline a dialled number means. */
  readonly hotlineOf: Readonly<Record<string, Hotline>>;
  /** Numbers and names under which other platforms hand citizens over to us. */
  readonly platforms: ReadonlySet<string>;
}

export function nounsOf(config: Config): Nouns {
  return {
    platforms: new Set(
      config.peers.flatMap(({ id, routes }) => [id, ...routes.map(({ number }) => number)]),
    ),
    hotlines: Object.fromEntries(config.hotlines.map((hotline) => [hotline.id, hotline])),
    peers: Object.fromEntries(config.peers.map((peer) => [peer.id, peer])),
    trunks: Object.fromEntries(config.trunks.map((trunk) => [trunk.name, trunk])),
    hotlineOf: Object.fromEntries(
      config.hotlines.flatMap((hotline) => hotline.numbers.map((number) => [number, hotline])),
    ),
  };
}

/** One Stasis application a deployment. */
export const appOf = (config: Config): string => `liandong-${config.deployment.id}`;
