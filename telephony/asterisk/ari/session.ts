/** A request to the Asterisk REST Interface; `uri` is relative to `/ari/`, such as `channels/create`. */
export interface AriRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly uri: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** How long it may take; `AriOptions.requestTimeoutMs` unless told. */
  readonly withinMs?: number;
  /** Sent as JSON, such as `{ variables: { ... } }` for `channels/create`. */
  readonly body?: unknown;
}

/** What Asterisk answered. An HTTP error status is an answer, not an exception. */
export interface AriReply {
  readonly status: number;
  /** The JSON that came, the text where it was none, undefined where nothing came (204). */
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
 * Events may come before the reply of the request that caused them: mint ids before asking.
 * What happened while the stream was down is not replayed: look at the channels after 'up'.
 */
export interface AriSession {
  /** True where requests are carried out in the order in which they were sent, without waiting for replies. */
  readonly inOrder: boolean;
  /**
   * Told how each attempt to connect again has failed, and how the connection was lost: `refused`, nobody listens there;
   * `silent`, somebody does and does not answer; `away`, anything else.
   */
  onLost(listener: (how: Lost) => void): void;
  /** Sends one request. Rejects with `AriDown` when no connection is there, it breaks, or no reply came in time. */
  request(request: AriRequest): Promise<AriReply>;
  /**
   * Listeners are called synchronously, in order, for every event of our application.
   * Events that came before the first listener are kept for it. What a listener throws goes to `onError`.
   */
  onEvent(listener: (event: AriEvent) => void): void;
  /**
   * Told when the event stream breaks ('down') and when it is back ('up'); changes only, a session begins up.
   * The session reconnects by itself.
   */
  onState(listener: (state: 'up' | 'down') => void): void;
  /** Gives the connection up as silent, for this reason, and makes a new one. */
  renew(reason: string): void;
  /** Ends the session for good: open requests reject with `AriDown`, nothing is told any more. Never rejects. */
  close(): Promise<void>;
}

export type Lost = 'refused' | 'silent' | 'away';

export interface AriAddress {
  /** http://127.0.0.1:8088, without /ari. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** The Stasis application that we register. */
  readonly app: string;
}

export interface AriOptions {
  /**
   * How long one request may take, in milliseconds; 2,000 unless told. Where nothing at all has come
   * meanwhile the connection is given up and made anew, for all that is asked on it would wait.
   */
  readonly requestTimeoutMs?: number;
  /** How long opening may try before it gives up, in milliseconds; 10,000 unless told. */
  readonly openTimeoutMs?: number;
  /** Ask for the events of all channels and bridges, not only those of our application. */
  readonly subscribeAll?: boolean;
  /** Only events of these types are wanted; Asterisk is asked not to send others. All, unless told. */
  readonly events?: readonly string[];
  /** Asterisk is asked each second to tell something, and nothing being heard the connection is made anew. */
  readonly staysHeard?: boolean;
  /** Asked before the stream is opened again; false: it stays down, and is asked again later. */
  readonly mayConnectAgain?: () => Promise<boolean>;
  /** Told what went wrong without stopping the session: a listener that threw, a message that made no sense. */
  readonly onError?: (error: unknown) => void;
}

/** The connection to Asterisk is gone or did not answer in time; whether the request took effect is unknown. */
export class AriDown extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AriDown';
  }
}
