import type { Call, LegId, TimerName } from '../call.ts';
import { RING_SECONDS } from './calling-back.ts';
import { ASK_EVERY_SECONDS, CONFIRM_SECONDS, offerSeconds, UNREACHED_SECONDS } from './offering.ts';
import { isAway, nextStep, offerOf, partiesOf, type Surroundings } from './step.ts';
import { SUPERVISOR_RING_SECONDS } from './supervising.ts';
import { transferSeconds } from './talking.ts';

export interface RunningTimer {
  readonly timer: TimerName;
  readonly leg: LegId;
  /** So many seconds are left; 0: overdue. */
  readonly seconds: number;
}

/** Every timer that runs in this situation, as its `setTimer` orders have set it. */
export function timersOf(call: Call, at: Surroundings): RunningTimer[] {
  const until = (timer: TimerName, leg: LegId, due: number): RunningTimer => ({
    timer,
    leg,
    seconds: Math.max(0, (due - at.now) / 1000),
  });
  const away = partiesOf(call).flatMap((party) =>
    isAway(party) ? [until('back', party.leg, party.awayUntil)] : [],
  );
  const leaving = partiesOf(call).flatMap((party) =>
    party.role === 'seat' && party.leavesAt !== null
      ? [until('leave', party.leg, party.leavesAt)]
      : [],
  );
  const { supervisor } = call;
  const rung =
    supervisor && !supervisor.here
      ? [until('supervisor', supervisor.leg, supervisor.since + SUPERVISOR_RING_SECONDS * 1000)]
      : [];
  return [...rung, ...away, ...leaving, ...reaching(call, at, until), ...offering(call, at, until)];
}

type Until = (timer: TimerName, leg: LegId, due: number) => RunningTimer;

function reaching(call: Call, at: Surroundings, until: Until): RunningTimer[] {
  const { leg } = call.caller;
  switch (call.stage) {
    case 'waiting': {
      const due = nextStep(call)?.at ?? null;
      return due === null ? [] : [until('step', leg, due)];
    }
    case 'transferring': {
      const { seek, transfer } = call;
      if (seek.to === 'hotline') {
        const seconds = transferSeconds(seek.hotline, at);
        return [until('seek', leg, transfer.since + seconds * 1000)];
      }
      const seconds = at.peers[seek.peer]?.ringSeconds ?? 0;
      return [until('ring', seek.leg, seek.since + seconds * 1000)];
    }
    case 'calling-back':
      return [until('ring', call.leg, call.parties[0].since + RING_SECONDS * 1000)];
    case 'rating':
      return [until('step', leg, call.until)];
    case 'resting':
      return [until('callBack', leg, call.dueAt)];
    default:
      return [];
  }
}

function offering(call: Call, at: Surroundings, until: Until): RunningTimer[] {
  const offer = offerOf(call);
  if (!offer) return [];
  const after = (timer: TimerName, seconds: number, from = offer.since) =>
    until(timer, offer.leg, from + seconds * 1000);
  if (offer.line !== 'trunk') return [after('offer', offerSeconds(hotlineOf(call), at))];
  switch (offer.state) {
    case 'dialled':
      return [after('offer', offer.site.ringSeconds), after('centre', UNREACHED_SECONDS)];
    case 'ringing':
      return [after('offer', offer.site.ringSeconds)];
    case 'asked':
      // When he was asked is not written down: he has the whole time once more.
      return [after('offer', CONFIRM_SECONDS, at.now), after('centre', ASK_EVERY_SECONDS, at.now)];
  }
}

export const hotlineOf = (call: Call): string =>
  call.stage === 'waiting' || call.stage === 'ringing-seat'
    ? call.queue
    : call.stage === 'transferring'
      ? call.transfer.target
      : '';
