import type { Express } from 'express';
import { notFor } from './failures.ts';
import type { Audience, Operation } from './operation.ts';
import { seatOf, type Sessions, type Who } from './sessions.ts';

/**
 * Makes a route of an operation. What somebody did is answered once it is `kept`: a server that dies right after the
 * answer has lost nothing of it.
 */
export function mount(
  app: Express,
  operation: Operation,
  sessions: Sessions,
  kept: () => Promise<void>,
): void {
  const path = operation.path.replace(/\{(\w+)\}/g, ':$1');
  app[operation.method](path, async (req, res) => {
    const { by = 'seat' } = operation;
    const who = by === 'anybody' ? null : admitted(await sessions.whoOf(req), by);
    const seat = seatOf(who) ?? '';
    const body: unknown = operation.body ? operation.body.parse(req.body ?? {}) : null;
    const query: unknown = operation.query ? operation.query.parse(req.query) : null;
    const params = req.params as Record<string, string>;
    const result = await operation.handle({ seat, who, params, body, query, res });
    if (operation.method !== 'get') await kept();
    if (operation.files) return;
    if (operation.answers) res.json(result);
    else res.status(204).end();
  });
}

/** Refuses with not-for-you whom this is not for. */
function admitted(who: Who, by: Exclude<Audience, 'anybody'>): Who {
  const is =
    by === 'logged-in' ||
    by === who.kind ||
    (by === 'seat' && who.place !== null) ||
    (who.kind === 'person' && (by === 'staff' || who.roles.some((role) => role === by)));
  if (!is) throw notFor(by);
  return who;
}
