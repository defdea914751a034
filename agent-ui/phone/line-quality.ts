import type { LineSample } from '../../server/http/line-quality.ts';
import type { Statistic } from './port.ts';

/**
 * How good the line was between two snapshots of a leg's statistics (W3C webrtc-stats).
 * @returns round trip and jitter in milliseconds, loss from 0 to 1 in the worse direction; null where one of these
 * cannot be told, as when nothing has arrived from either side in between
 */
export function sampleOf(
  before: readonly Statistic[],
  now: readonly Statistic[],
): LineSample | null {
  const heard = now.filter((one) => one.type === 'inbound-rtp' && isAudio(one));
  const report = now.find((one) => one.type === 'remote-inbound-rtp' && isAudio(one));
  const fresh = report && report.timestamp > (sameIn(before, report)?.timestamp ?? 0);
  const roundTrip = (fresh ? report.roundTripTime : undefined) ?? roundTripOfPath(now);
  const jitter = worst(heard.map((one) => one.jitter));
  const loss = worst([lossOfHeard(before, heard), fresh ? report.fractionLost : undefined]);
  if (roundTrip === undefined || jitter === undefined || loss === undefined) return null;
  return { roundTripMs: roundTrip * 1000, jitterMs: jitter * 1000, loss };
}

/** Undefined: nothing came, nothing was missed. A stream that is new counts from its beginning. */
function lossOfHeard(
  before: readonly Statistic[],
  heard: readonly Statistic[],
): number | undefined {
  let received = 0;
  let lost = 0;
  for (const stream of heard) {
    const old = sameIn(before, stream);
    received += Math.max(0, (stream.packetsReceived ?? 0) - (old?.packetsReceived ?? 0));
    // What came twice makes the count of the lost go down (RFC 3550, 6.4.1).
    lost += Math.max(0, (stream.packetsLost ?? 0) - (old?.packetsLost ?? 0));
  }
  return received + lost > 0 ? lost / (received + lost) : undefined;
}

/** As the connectivity checks of ICE measure it, seconds. */
const roundTripOfPath = (now: readonly Statistic[]): number | undefined =>
  now.find(
    ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
  )?.currentRoundTripTime;

const isAudio = ({ kind }: Statistic): boolean => kind === undefined || kind === 'audio';

const sameIn = (before: readonly Statistic[], { id }: Statistic): Statistic | undefined =>
  before.find((one) => one.id === id);

function worst(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
