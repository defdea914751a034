import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

/** The page's connections, newest last; each is told what the network would tell it. */
let sources: FakeSource[] = [];

class FakeSource extends EventTarget {
  static CLOSED = 2;
  readyState = 1;
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    sources.push(this);
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }

  says(kind: string, data: object, lastEventId: string) {
    const event = Object.assign(new Event(kind), { data: JSON.stringify(data), lastEventId });
    this.dispatchEvent(event);
  }
}

const page = new EventTarget();
let close: () => void = () => undefined;

beforeEach(() => {
  jest.useFakeTimers();
  sources = [];
  Object.assign(globalThis, {
    EventSource: FakeSource,
    location: { origin: 'http://desk.test', hostname: 'desk.test' },
    fetch: () => Promise.reject(new Error('nobody else is there')),
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  });
});
afterEach(() => {
  close();
  jest.useRealTimers();
});

async function aPage() {
  const { openEvents } = await import('./live.ts');
  const told: string[] = [];
  const opened = openEvents({
    on: { desk: ({ n }: { n: number }) => void told.push(`desk ${n}`) },
    up: () => void told.push('up'),
    down: (closed) => void told.push(closed ? 'closed' : 'down'),
  });
  close = () => opened.close();
  sources[0]?.onopen();
  return told;
}

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

test('a server that says nothing for six seconds is lost, and what was missed is asked for', async () => {
  const told = await aPage();
  sources[0]?.says('desk', { n: 1 }, '7-0');
  for (let i = 0; i < 10; i++) {
    await seconds(2);
    sources[0]?.says('beat', { build: 'a', at: 0 }, '7-0');
  }
  expect(told).toEqual(['up', 'desk 1']);
  await seconds(6);
  expect(told).toEqual(['up', 'desk 1', 'down']);
  await seconds(1);
  expect(sources.map(({ url }) => url)).toEqual([
    'http://desk.test/api/events',
    'http://desk.test/api/events?after=7-0',
  ]);
  sources[1]?.onopen();
  expect(told.at(-1)).toBe('up');
});

test('a connection that does not come about is given up, again and again', async () => {
  const told = await aPage();
  await seconds(60);
  expect(sources.length).toBeGreaterThan(5);
  sources.at(-1)?.onopen();
  expect(told.at(-1)).toBe('up');
});

test('a network that is gone is known at once, and tried at once when it is back', async () => {
  const told = await aPage();
  page.dispatchEvent(new Event('offline'));
  expect(told).toEqual(['up', 'down']);
  page.dispatchEvent(new Event('offline'));
  expect(told).toEqual(['up', 'down']);
  await seconds(0.05);
  expect(sources).toHaveLength(1);
  page.dispatchEvent(new Event('online'));
  expect(sources).toHaveLength(2);
  page.dispatchEvent(new Event('online'));
  expect(sources).toHaveLength(2);
});

test('pages are stale once the server serves another build than at first', async () => {
  const { pages } = await import('./build.ts');
  await aPage();
  sources[0]?.says('beat', { build: 'a', at: 0 }, '1-0');
  expect(pages.get().stale).toBe(false);
  sources[0]?.says('beat', { build: 'b', at: 0 }, '1-0');
  expect(pages.get().stale).toBe(true);
});
