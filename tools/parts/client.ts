/** What the API answered. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Somebody logged in, as a browser is: keeps the cookie. */
export class Client {
  url: string;
  private cookie = '';

  constructor(url: string) {
    this.url = url;
  }

  get(path: string): Promise<Reply> {
    return this.ask('GET', path);
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Reply> {
    return this.ask('POST', path, JSON.stringify(body), headers);
  }

  /** Any request, with the body as it is. */
  async ask(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const set = response.headers.get('set-cookie');
    if (set) this.cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: json ? JSON.parse(text) : text };
  }

  /** Must succeed; `who` is such as `{ seat: '8001' }`. */
  async logsInAs(who: Readonly<Record<string, string>>, password: string): Promise<void> {
    const reply = await this.post('/api/log-in', { ...who, password });
    if (reply.status === 204) return;
    throw new Error(`${JSON.stringify(who)} cannot log in: ${JSON.stringify(reply)}`);
  }

  /** For requests that go another way than through here. */
  get headers(): Record<string, string> {
    return { cookie: this.cookie };
  }

  /** Must be obeyed. */
  async obeyed<T>(path: string, body: unknown = {}): Promise<T> {
    const reply = await this.post(path, body);
    if (reply.status >= 300) throw new Error(`${path}: ${JSON.stringify(reply)}`);
    return reply.body as T;
  }
}
