import type { Centre } from '../telephony/call.ts';

/** The centre by trunk to which a seat such as `hangzhou.3` belongs; undefined: it is no such seat. */
export function centreOf(
  centres: Readonly<Record<string, Centre>>,
  seat: string,
): Centre | undefined {
  const dot = seat.lastIndexOf('.');
  return dot < 0 ? undefined : centres[seat.slice(0, dot)];
}
