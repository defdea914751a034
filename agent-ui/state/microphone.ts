import { useEffect, useState } from 'react';
import type { LastingLeg } from '../phone/lasting-leg.ts';

const LOOK_MS = 200;
/** 0 to 1, as browsers count it; breath and hum stay below. */
const HEARD = 0.02;

export interface Microphone {
  /** 0 to 1; null: nothing is sent. */
  readonly level: number | null;
  /** Somebody was heard since the leg is up. */
  readonly heard: boolean;
  /** So long nobody was. */
  readonly silentMs: number;
}

const NOTHING: Microphone = { level: null, heard: false, silentMs: 0 };

/** What the switch is sent from the microphone, while `looks`. */
export function useMicrophone(leg: LastingLeg, looks: boolean): Microphone {
  const [microphone, setMicrophone] = useState(NOTHING);
  useEffect(() => {
    if (!looks) return;
    const timer = setInterval(() => void look(), LOOK_MS);
    async function look() {
      const { line, microphone: gone } = leg.state.get();
      const source = (await leg.statistics()).find(
        ({ type, kind }) => type === 'media-source' && kind === 'audio',
      );
      const level = line === 'up' && !gone ? (source?.audioLevel ?? null) : null;
      setMicrophone((was) => {
        if (level === null) return NOTHING;
        if (level >= HEARD) return { level, heard: true, silentMs: 0 };
        return { level, heard: was.heard, silentMs: was.silentMs + LOOK_MS };
      });
    }
    return () => clearInterval(timer);
  }, [leg, looks]);
  return microphone;
}
