/** A SIP message as it stood on the wire, for looking at its headers. */
export class SipMessage {
  readonly raw: string;
  readonly startLine: string;
  readonly body: string;
  readonly #headers: readonly (readonly [name: string, value: string])[];

  constructor(raw: string) {
    this.raw = raw;
    const end = /\r?\n\r?\n/.exec(raw);
    const head = end ? raw.slice(0, end.index) : raw;
    this.body = end ? raw.slice(end.index + end[0].length) : '';
    // A line that begins with a space goes on with the one before (RFC 3261, 7.3.1).
    const [startLine = '', ...lines] = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
    this.startLine = startLine;
    this.#headers = lines.map((line) => {
      const colon = line.indexOf(':');
      return [fullName(line.slice(0, colon).trim()), line.slice(colon + 1).trim()];
    });
  }

  /** INVITE, BYE, …; of an answer the method it answers. */
  get method(): string {
    return (
      (this.status ? this.header('CSeq')?.split(/\s+/)[1] : this.startLine.split(' ')[0]) ?? ''
    );
  }

  /** 0 for a request. */
  get status(): number {
    return Number(/^SIP\/2\.0 (\d{3})/.exec(this.startLine)?.[1] ?? 0);
  }

  get reasonPhrase(): string {
    return this.status ? this.startLine.split(' ').slice(2).join(' ') : '';
  }

  /** Of a request. */
  get uri(): string {
    return this.status ? '' : (this.startLine.split(' ')[1] ?? '');
  }

  /** The number that is wanted. */
  get user(): string {
    return userOf(this.uri);
  }

  get branch(): string {
    return /;\s*branch=([^;,\s]+)/i.exec(this.header('Via') ?? '')?.[1] ?? '';
  }

  get callId(): string {
    return this.header('Call-ID') ?? '';
  }

  /** The first of that name. */
  header(name: string): string | undefined {
    return this.headers(name)[0];
  }

  /** All of that name, in their order. */
  headers(name: string): string[] {
    const wanted = fullName(name);
    return this.#headers.filter(([known]) => known === wanted).map(([, value]) => value);
  }
}

/** 13800138000 of `"A" <sip:13800138000@host>;tag=1`. */
export const userOf = (address: string): string =>
  /(?:sips?|tel):([^@;>]*)(?:@|;|>|$)/i.exec(address)?.[1] ?? '';

const compact: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  m: 'contact',
  i: 'call-id',
  l: 'content-length',
  c: 'content-type',
  k: 'supported',
  s: 'subject',
  o: 'event',
  r: 'refer-to',
  b: 'referred-by',
  x: 'session-expires',
};

function fullName(name: string): string {
  const small = name.toLowerCase();
  return compact[small] ?? small;
}
