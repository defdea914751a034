/**
 * The server's time as seen from this computer, whose own clock may be wrong, and may be set at any moment. Counted from
 * when this page was opened; until the server has said what time it is, this computer is believed.
 */
let offset = Date.now() - performance.now();
let heard = false;

/** What the server says comes later than it was said, never sooner: the latest of its times is nearest. */
const LATE_MS = 1000;

/** A reply's Date header has whole seconds: what is nearer is left alone. */
const DATE_MS = 2000;

/** @param at what the server's clock showed (epoch milliseconds) when it said so */
export function hearServerTime(at: number): void {
  const said = at - performance.now();
  if (heard && said <= offset && said > offset - LATE_MS) return;
  offset = said;
  heard = true;
}

/**
 * For pages without live events.
 * @param date a reply's Date header; null: it has none
 * @param sentAt when it was asked for, and when it came: milliseconds since this page was opened
 */
export function readServerDate(date: string | null, sentAt: number, gotAt: number): void {
  const at = Date.parse(date ?? '') + 500;
  const said = at - (sentAt + gotAt) / 2;
  if (!heard && Math.abs(said - offset) > DATE_MS) offset = said;
}

/** Epoch milliseconds. */
export const serverNow = () => performance.now() + offset;
