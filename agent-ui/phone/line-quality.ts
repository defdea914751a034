import type { LineSample } from '../../server/http/line-quality.ts';
import type { Statistic } from './port.ts';

/**
 * How good the line was between two snapshots of a leg's statistics (W3C webrtc-stats). Between calls the switch sends
 * nothing; then its own reports on what it hears tell the jitter too.
 * @returns round trip and jitter in milliseconds, loss from 0 to 1 in the worse direction; null where one of these
 * cannot be told, as when nothing has come from the switch in between
 */
export function sampleOf(
  before: readonly Statistic[],
  now: readonly Statistic[],
): LineSample | null {
  const here = heardHere(before, now);
  const there = reportedThere(before, now);
  const roundTrip = there?.roundTripTime ?? roundTripOfPath(now);
  const jitter = here?.jitter ?? there?.jitter;
  const loss = worst([here?.loss, there?.fractionLost]);
  if (roundTrip === undefined || jitter === undefined || loss === undefined) return null;
  return { roundTripMs: roundTrip * 1000, jitterMs: jitter * 1000, loss };
}

/** Undefined: nothing came, nothing was missed. A stream that is new counts from its beginning. */
function heardHere(before: readonly Statistic[], now: readonly Statistic[]) {
  const streams = now.filter((one) => one.type === 'inbound-rtp' && isAudio(one));
  let received = 0;
  let lost = 0;
  for (const stream of streams) {
    const old = sameIn(before, stream);
    received += Math.max(0, (stream.packetsReceived ?? 0) - (old?.packetsReceived ?? 0));
    // What came twice makes the count of the lost go down (RFC 3550, 6.4.1).
    lost += Math.max(0, (stream.packetsLost ?? 0) - (old?.packetsLost ?? 0));
  }
  if (received + lost === 0) return undefined;
  return { jitter: worst(streams.map(({ jitter }) => jitter)), loss: lost / (received + lost) };
}

/** The switch's report on what it hears of us (RTCP), if one has come in between. */
function reportedThere(
  before: readonly Statistic[],
  now: readonly Statistic[],
): Statistic | undefined {
  const report = now.find((one) => one.type === 'remote-inbound-rtp' && isAudio(one));
  const old = report && sameIn(before, report);
  return report && report.timestamp > (old?.timestamp ?? 0) ? report : undefined;
}

/** Seconds, as the connectivity checks of ICE measure it on the path that is used. */
function roundTripOfPath(now: readonly Statistic[]): number | undefined {
  const paths = now.filter(({ type }) => type === 'candidate-pair');
  const used = now.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  const path =
    paths.find(({ id }) => id === used) ??
    paths.find(({ nominated, state }) => nominated && state === 'succeeded');
  return path?.currentRoundTripTime;
}

const isAudio = ({ kind }: Statistic): boolean => kind === undefined || kind === 'audio';

const sameIn = (before: readonly Statistic[], { id }: Statistic): Statistic | undefined =>
  before.find((one) => one.id === id);

function worst(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
