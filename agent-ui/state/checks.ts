import type { LegState } from '../phone/lasting-leg.ts';

/** What the page must know about itself before a call may come. */
export interface Circumstances {
  readonly live: boolean;
  readonly leg: LegState;
  /** The switch has the leg as well. */
  readonly lineUp: boolean;
  /** Somebody was heard through the microphone since the leg was opened. */
  readonly heard: boolean;
  /** So long nobody was, in milliseconds. */
  readonly silentMs: number;
  readonly soundUnlocked: boolean;
  readonly notifications: 'granted' | 'denied' | 'default' | 'none';
}

export type CheckId = 'server' | 'line' | 'microphone' | 'sound' | 'notifications';

export interface Check {
  readonly id: CheckId;
  /** `advised`: calls can be taken without it. */
  readonly state: 'well' | 'waiting' | 'trouble' | 'advised';
  /** Ends a key of the words: `check.<id>.<said>`. */
  readonly said: string;
}

const SILENT_MS = 6000;

/** The readiness check 签入检查: each thing that calls need, and whether it is there. */
export function checksOf(now: Circumstances): Check[] {
  const { live, leg, lineUp, heard, silentMs, soundUnlocked, notifications } = now;
  const check = (id: CheckId, state: Check['state'], said: string = state) => ({ id, state, said });
  const noMicrophone =
    leg.microphone ?? (leg.trouble?.kind.startsWith('microphone') ? leg.trouble : null);
  return [
    live ? check('server', 'well') : check('server', 'trouble'),
    leg.line === 'up' && lineUp
      ? check('line', 'well')
      : check('line', leg.line === 'lost' ? 'trouble' : 'waiting'),
    noMicrophone
      ? check('microphone', 'trouble', noMicrophone.kind)
      : heard && leg.line === 'up'
        ? check('microphone', 'well')
        : silentMs > SILENT_MS
          ? check('microphone', 'trouble', 'silent')
          : check('microphone', 'waiting'),
    soundUnlocked && !leg.soundBlocked ? check('sound', 'well') : check('sound', 'trouble'),
    notifications === 'granted'
      ? check('notifications', 'well')
      : check('notifications', 'advised', notifications),
  ];
}

/** Nothing that calls need is missing. */
export const allWell = (checks: readonly Check[]): boolean =>
  checks.every(({ state }) => state === 'well' || state === 'advised');
