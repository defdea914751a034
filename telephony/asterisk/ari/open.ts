import { ask } from './address.ts';
import { openAriClientSession } from './ari-client.ts';
import { heardBack, staysHeard } from './hearing.ts';
import type { AriAddress, AriOptions, AriSession } from './session.ts';
import { openWebSocketSession } from './websocket.ts';

export type AriTransport = 'websocket' | 'ari-client';

/**
 * Opens a session to Asterisk. `transport` 'auto' (also when not given) asks the switch for its version and takes
 * the WebSocket from 22.4 up, `ari-client` below and where the version cannot be read.
 * Rejects with `AriDown` when Asterisk cannot be reached within `openTimeoutMs`, and at once with an `Error` when
 * the address is wrong or user or password are refused.
 */
export async function openAriSession(
  address: AriAddress,
  options: AriOptions & { readonly transport?: AriTransport | 'auto' } = {},
): Promise<AriSession> {
  const { transport = 'auto', ...rest } = options;
  const timeoutMs = rest.openTimeoutMs ?? 10_000;
  const deadline = Date.now() + timeoutMs;
  const taken =
    transport === 'auto' ? await fittingTransport(address, deadline, timeoutMs) : transport;
  const open = taken === 'websocket' ? openWebSocketSession : openAriClientSession;
  const session = await open(address, {
    ...rest,
    openTimeoutMs: Math.max(1, deadline - Date.now()),
  });
  if (rest.events) {
    const events = rest.staysHeard ? [...rest.events, heardBack] : rest.events;
    const choose = () => chooseEvents(session, address.app, events, rest.onError);
    // Asterisk may have been started anew meanwhile.
    session.onState((state) => {
      if (state === 'up') void choose();
    });
    await choose();
  }
  return rest.staysHeard ? staysHeard(session, address.app) : session;
}

/** An Asterisk that cannot choose sends all: what nobody listens to does no harm. */
async function chooseEvents(
  session: AriSession,
  app: string,
  events: readonly string[],
  onError: AriOptions['onError'],
): Promise<void> {
  try {
    const { status } = await session.request({
      method: 'PUT',
      uri: `applications/${app}/eventFilter`,
      // Replies over the WebSocket are filtered as well.
      body: { allowed: [...events, 'RESTResponse'].map((type) => ({ type })) },
    });
    if (status >= 300) onError?.(new Error(`Asterisk does not choose events: ${status}`));
  } catch (error) {
    onError?.(error);
  }
}

async function fittingTransport(
  address: AriAddress,
  deadline: number,
  timeoutMs: number,
): Promise<AriTransport> {
  const info = await ask(address, 'asterisk/info?only=system', deadline, timeoutMs);
  const version = (info as { system?: { version?: unknown } } | undefined)?.system?.version;
  return transportFor(typeof version === 'string' ? version : '');
}

/** The transport for an Asterisk that calls itself `version`, such as `22.10.1` or `certified/20.7-cert2`. */
export function transportFor(version: string): AriTransport {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return 'ari-client';
  return Number(major) > 22 || (Number(major) === 22 && Number(minor) >= 4)
    ? 'websocket'
    : 'ari-client';
}
