/** The server's time as seen from this computer, whose own clock may be wrong. */
let ahead = 0;

/** Learns from the Date header of a reply; it has whole seconds, so small differences are left alone. */
export function learnServerTime(date: string | null, sentAt: number, gotAt: number): void {
  if (!date) return;
  const difference = Date.parse(date) + 500 - (sentAt + gotAt) / 2;
  if (Number.isNaN(difference)) return;
  ahead = Math.abs(difference) > 2000 ? difference : 0;
}

export const serverNow = () => Date.now() + ahead;
