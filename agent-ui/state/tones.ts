import { createStore, useStore } from './store.ts';

/** Sounds that the page makes itself. A browser lets them be heard only after a click or a key. */
const sound = createStore({ unlocked: false });
let context: AudioContext | undefined;

const look = () => sound.set({ unlocked: context?.state === 'running' });

/** To be called from a click or a key press; before one it may be in vain. */
export function unlockSound(): void {
  if (!context) {
    context = new AudioContext();
    context.onstatechange = look;
  }
  void context.resume().then(look);
}

/** Whether sounds of this page are heard. */
export const useSoundUnlocked = () => useStore(sound).unlocked;

/** One tone, `after` seconds from now. */
export function tone(hertz: number, after: number, seconds = 0.2): void {
  unlockSound();
  if (!context) return;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  const from = context.currentTime + after;
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0.18, from);
  gain.gain.exponentialRampToValueAtTime(0.001, from + seconds);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + seconds);
}

/** Three rising tones, to hear whether one hears. */
export function testTones(): void {
  [523, 659, 784].forEach((hertz, nth) => tone(hertz, nth * 0.25, 0.3));
}

const RING_MS = 2000;

/** Rings until it is told to stop. */
export function ring(): () => void {
  const once = () => [0, 0.1, 0.2, 0.3].forEach((at, nth) => tone(nth % 2 ? 880 : 740, at, 0.12));
  once();
  const timer = setInterval(once, RING_MS);
  return () => clearInterval(timer);
}
