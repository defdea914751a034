/**
 * Where the controllers of this deployment are. One of them is in control; when it is gone, or stands by, the desk goes
 * on at another.
 */
let known: readonly string[] = [location.origin];
let current = location.origin;

/** What stands before a path: of the controller that is asked now. */
export const base = (): string => current;

/** Whether there is another one to ask. */
export const areSeveral = (): boolean => known.length > 1;

/** Asks the current one who else is there; silently keeps what is known when it does not answer. */
export async function learnControllers(): Promise<void> {
  const asked = current;
  try {
    const reply = await fetch(`${asked}/api/health`, { cache: 'no-store' });
    const { controllers } = (await reply.json()) as { controllers?: readonly string[] };
    if (controllers) known = [...new Set([asked, ...controllers.map(asSeenHere)])];
  } catch {
    // It is gone; whoever tries to reach it finds out.
  }
}

/** This one is gone, or stands by (then it may have said who is in control): the next one is asked from now on. */
export function goOn(from: string, inControl?: string | null): void {
  if (current !== from) return;
  const next = known[(known.indexOf(from) + 1) % known.length] ?? from;
  current = inControl ? asSeenHere(inControl) : next;
}

/** Log-ins belong to a host's name: two names of this machine would be two hosts. */
function asSeenHere(url: string): string {
  const seen = new URL(url);
  const loopback = ['localhost', '127.0.0.1'];
  if (loopback.includes(seen.hostname) && loopback.includes(location.hostname)) {
    seen.hostname = location.hostname;
  }
  return seen.origin;
}
