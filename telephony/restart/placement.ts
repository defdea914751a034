import type { Call, LegId } from '../call.ts';
import type { SwitchOrder } from '../calls.ts';
import { hearsMeanwhile } from '../table/seat-lost.ts';
import { presentOf } from '../table/step.ts';
import { partiesOf } from '../table/table.ts';

/** What the switch should look like for a call: the sum of all orders of its steps so far. */

/** `prompt`: something that is played once; it is not begun again. */
export type Hears = 'music' | 'ringback' | 'prompt' | 'others';

export interface Place {
  readonly leg: LegId;
  /** In the bridge of the call. */
  readonly inside: boolean;
  readonly hears: Hears;
  /** Nobody hears this leg. */
  readonly muted: boolean;
  /** False: it is not answered yet, and hears ringing from where it comes. */
  readonly answered: boolean;
}

/**
 * Everybody of the call but the leg that is still being reached: of that one nothing but its ringing is wanted. A manager
 * who whispers is in a room of his own.
 */
export function wanted(call: Call): Place[] {
  const rings = call.stage === 'calling-back' || isConsulted(call);
  const parties = presentOf(partiesOf(call)).map((party): Place => ({
    leg: party.leg,
    inside: true,
    hears: rings ? 'ringback' : 'others',
    muted: party.role === 'seat' && party.muted,
    answered: true,
  }));
  const all = [...parties, ...manager(call)];
  return call.callerHere ? [hers(call), ...all] : all;
}

/** The whole of what a leg should hear and be heard, ordered once more: the switch does not tell how it is. */
export function placed({ leg, hears, muted }: Place): SwitchOrder[] {
  const heard: SwitchOrder = { do: muted ? 'mute' : 'unmute', leg };
  if (hears === 'prompt') return [heard];
  return hears === 'others'
    ? [{ do: 'listenNoMore', leg }, heard]
    : [heard, { do: 'listen', leg, to: hears }];
}

function hers(call: Call): Place {
  const { leg } = call.caller;
  const here = { leg, inside: true, muted: false, answered: true } as const;
  switch (call.stage) {
    case 'welcoming':
      return { ...here, inside: false, hears: 'prompt' };
    case 'waiting': {
      const { inBridge: inside, answered, announcing } = call;
      return { ...here, inside, answered, hears: announcing || !answered ? 'prompt' : 'music' };
    }
    case 'rating':
      return { ...here, inside: false, hears: 'prompt' };
    case 'consulting':
      return { ...here, muted: true, hears: 'music' };
    case 'talking':
    case 'transferring':
      if (call.held) return { ...here, muted: true, hears: 'music' };
      return {
        ...here,
        hears: hearsMeanwhile(call) ?? (call.parties.length === 0 ? 'ringback' : 'others'),
      };
    default:
      return { ...here, hears: 'others' };
  }
}

function manager({ supervisor }: Call): Place[] {
  if (!supervisor?.here || supervisor.ear?.open) return [];
  const { leg, how } = supervisor;
  return [{ leg, inside: true, hears: 'others', muted: how !== 'barge', answered: true }];
}

const isConsulted = (call: Call): boolean =>
  call.stage === 'transferring' && call.transfer.kind === 'consult';
