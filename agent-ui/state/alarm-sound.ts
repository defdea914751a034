import { useEffect } from 'react';
import { recall, remember } from './memory.ts';
import { createStore, useStore } from './store.ts';
import { tone } from './tones.ts';

const sound = createStore({ on: recall('alarm-sound') !== 'off' });
/** What is heard, in Hz one after the other, and how soon again. */
const SOUNDS = {
  alarm: { tones: [880, 660], repeatMs: 10_000 },
  help: { tones: [660, 880, 1100], repeatMs: 5_000 },
} as const;

export const useSoundSwitch = () => useStore(sound).on;

/** By a click, so that the browser lets us be heard. */
export function switchSound(): void {
  const on = !sound.get().on;
  remember('alarm-sound', on ? 'on' : 'off');
  sound.set({ on });
  if (on) chime(SOUNDS.alarm.tones);
}

/** Heard when something comes to alarm, or an operator asks for help, and again as long as it lasts. */
export function useAlarmSound(alarms: number, sort: keyof typeof SOUNDS = 'alarm'): void {
  const { on } = useStore(sound);
  const sounds = on && alarms > 0;
  useEffect(() => {
    if (!sounds) return;
    const { tones, repeatMs } = SOUNDS[sort];
    chime(tones);
    const timer = setInterval(() => chime(tones), repeatMs);
    return () => clearInterval(timer);
  }, [sounds, alarms, sort]);
}

function chime(tones: readonly number[]): void {
  tones.forEach((hertz, nth) => tone(hertz, nth * 0.22));
}
