import { useSyncExternalStore } from 'react';
import { serverNow } from '../link/server-clock.ts';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((tick) => tick()), 250);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time in whole seconds; the view is drawn again when it changes. */
export const useSeconds = () => useSyncExternalStore(watch, () => Math.floor(serverNow() / 1000));

/** 00:07, 12:34, 1:02:03. */
export function clockText(ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(all / 3600);
  const rest = `${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** 09:05:03, for lines of history. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** 2026-11-22 09:05, for what may lie on another day. */
export function dayAndTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${timeOfDay(at).slice(0, 5)}`;
}
