import type { Config } from '../../config/load.ts';
import type { Codes, KnownHotline, Rules, Times } from '../../tickets/requests.ts';
import type { Limit } from '../../tickets/ticket.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const limit = (withinMs: number, warnMs: number): Limit => ({ withinMs, warnMs });

/** 紧急的一小时内首次反馈; the others are usual, and said by no notice. */
const usualTimes: Times = {
  sign: {
    normal: limit(30 * MINUTE, 10 * MINUTE),
    urgent: limit(10 * MINUTE, 3 * MINUTE),
    'most-urgent': limit(5 * MINUTE, 2 * MINUTE),
  },
  signDispatch: limit(15 * MINUTE, 5 * MINUTE),
  feedback: limit(HOUR, 15 * MINUTE),
  done: {
    normal: limit(120 * HOUR, 24 * HOUR),
    urgent: limit(24 * HOUR, 4 * HOUR),
    'most-urgent': limit(4 * HOUR, HOUR),
  },
};

/** Of other deployments we know the numbers of their lines: these may see withheld numbers. */
const emergencyLines: ReadonlySet<string> = new Set(['110', '119', '120', '122']);

/** The rules of tickets from what is configured. */
export function ticketRules(
  { deployment, hotlines, exchange }: Pick<Config, 'deployment' | 'hotlines' | 'exchange'>,
  codes: Codes,
): Rules {
  const all: KnownHotline[] = [
    ...hotlines.map(({ id, emergency }) => ({ deployment: deployment.id, hotline: id, emergency })),
    ...exchange.peers.flatMap((peer) =>
      peer.hotlines.map((hotline) => ({
        deployment: peer.id,
        hotline,
        emergency: emergencyLines.has(hotline),
      })),
    ),
  ];
  const called = (id: string) => {
    const found = all.find(({ hotline }) => hotline === id);
    return found ? { deployment: found.deployment, hotline: found.hotline } : null;
  };
  return {
    hotlines: all,
    police: called('110'),
    service: called('12345'),
    times: usualTimes,
    codes,
  };
}
