import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import {
  levelsIn,
  SAMPLE_RATE,
  SPEAKING,
  tones,
  type Ear,
  type Levels,
  type ToneName,
} from './hearing.ts';

const FLAGS = [
  '--no-sandbox',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  // Host candidates as addresses, not as .local names which nobody can look up.
  '--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter,OptimizationHints,Translate',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  // Pages of other people at other desks are never really in the background.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

const TONE_AND_EAR = fileURLToPath(new URL('./pages/tone-and-ear.js', import.meta.url));

/** What is on its way when a window begins is left out for so long: a jitter buffer holds more. */
const SETTLING_MS = 150;

/** How long a page may take for what a test waits for. */
const PAGE_PATIENCE_MS = 15_000;

/** Longest window the page keeps. */
const LONGEST_MS = 4000;

/** A page whose microphone is a tone and whose remote sound is measured: a person at a desk. */
export class BrowserPage implements Ear {
  readonly name: string;
  readonly tone: ToneName;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page wrote to its console, and its uncaught errors. */
  readonly console: string[] = [];

  constructor(name: string, tone: ToneName, page: Page) {
    this.name = name;
    this.tone = tone;
    this.page = page;
    this.context = page.context();
    page.setDefaultTimeout(PAGE_PATIENCE_MS);
    page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.console.push(`uncaught: ${error.message}`));
  }

  async heard(ms: number): Promise<Levels> {
    if (ms > LONGEST_MS) throw new Error(`A page listens for ${LONGEST_MS} ms at most`);
    await sleep(SETTLING_MS);
    const samples = await this.page.evaluate<number[]>(`window.givenEar(${ms})`);
    return levelsIn(samples, ms);
  }

  /** Killed in a moment: it says goodbye to nobody. */
  async dies(): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    const dead = this.page.waitForEvent('crash');
    session.send('Page.crash').catch(() => undefined);
    await dead;
  }

  /** The computer sleeps for so long: nothing is sent, nothing runs, connections stay. Returns when it wakes. */
  async sleeps(ms: number): Promise<void> {
    await this.page.evaluate(`window.givenSleep(${ms})`);
  }

  /** The network is gone: nothing is asked, told or said, until it is back. */
  async losesNetwork(): Promise<void> {
    await Promise.all([this.page.evaluate('window.givenCut(true)'), this.context.setOffline(true)]);
  }

  async findsNetwork(): Promise<void> {
    await this.page.evaluate('window.givenCut(false)');
    await this.context.setOffline(false);
  }

  /** Its computer's clock is set on by so much (ms; less than 0: back) from what is true, now and in every page to come. */
  async clockIsOff(ms: number): Promise<void> {
    const set = `(() => {
      window.givenClockOff = ${ms};
      if (window.givenDate) return;
      const RealDate = (window.givenDate = Date);
      window.Date = class extends RealDate {
        constructor(...given) {
          super(...(given.length === 0 ? [Date.now()] : given));
        }
        static now() {
          return RealDate.now() + window.givenClockOff;
        }
      };
    })()`;
    await this.context.addInitScript(set);
    await this.page.evaluate(set);
  }

  async losesMicrophone(): Promise<void> {
    await this.page.evaluate('window.givenUnplug()');
  }

  async findsMicrophone(): Promise<void> {
    await this.page.evaluate('window.givenPlugIn()');
  }

  /** The tab is closed; the browser and its cookies stay. */
  async closes(): Promise<void> {
    await this.page.close();
  }

  /** Closes the page and forgets its cookies. */
  async leaves(): Promise<void> {
    await this.context.close();
  }
}

/** One headless Chromium for any number of people, each with cookies and a voice of their own. */
export class GivenBrowser {
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** An empty page; `goto` in it what the person opens. */
  async aPage(options: { name?: string; tone?: ToneName } = {}): Promise<BrowserPage> {
    const { tone = 'operator', name = `browser ${tone}` } = options;
    const context = await this.#browser.newContext({
      permissions: ['microphone'],
      locale: 'zh-CN',
      viewport: { width: 1440, height: 900 },
    });
    const voice = { hertz: tones[tone], amplitude: SPEAKING / 32768, sampleRate: SAMPLE_RATE };
    await context.addInitScript(`window.givenTone = ${JSON.stringify(voice)}`);
    await context.addInitScript({ path: TONE_AND_EAR });
    return new BrowserPage(name, tone, await context.newPage());
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** CHROMIUM_PATH names another Chromium than Debian's. */
export async function aBrowser(): Promise<GivenBrowser> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  return new GivenBrowser(await chromium.launch({ executablePath, headless: true, args: FLAGS }));
}
