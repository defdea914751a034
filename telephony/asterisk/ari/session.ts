/** A request to the Asterisk REST Interface; `uri` is relative to `/ari/`, such as `channels/create`. */
export interface AriRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly uri: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
}

/** What Asterisk answered. An HTTP error status is an answer, not an exception. */
export interface AriReply {
  readonly status: number;
  readonly body: unknown;
}

/** An event as Asterisk sends it; only `type` is certain. */
export interface AriEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * The one way to talk to Asterisk: events in the order they happened, and requests.
 * Two transports stand behind it (see docs/decisions); one contract test runs on both.
 */
export interface AriSession {
  /** True where requests are carried out in the order in which they were sent, without waiting for replies. */
  readonly inOrder: boolean;
  /** Sends one request. Rejects with `AriDown` when no connection is there, it breaks, or no reply came in time. */
  request(request: AriRequest): Promise<AriReply>;
  /** Listeners are called synchronously, in order, for every event of our application. */
  onEvent(listener: (event: AriEvent) => void): void;
  /** Told when the event stream breaks ('down') and when it is back ('up'). The session reconnects by itself. */
  onState(listener: (state: 'up' | 'down') => void): void;
  close(): Promise<void>;
}

export interface AriAddress {
  /** http://127.0.0.1:8088, without /ari. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** The Stasis application that we register. */
  readonly app: string;
}

/** The connection to Asterisk is gone or did not answer in time; whether the request took effect is unknown. */
export class AriDown extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AriDown';
  }
}
