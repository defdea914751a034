import {
  alwaysPlayed,
  changed,
  configOf,
  faultsOf,
  GOOD,
  STAFFED,
  staffedWorld,
} from '../tests/given/config.ts';

const HASH = '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$WxXPZ8y2pAnLGEKmlWCOrFbaMiuEOkz6';

describe('who serves beyond a queue’s own seats', () => {
  test('a hotline may say who is left without a controller; for an emergency line she waits less', () => {
    const text = changed(
      '    numbers: ["110"]\n',
      '    numbers: ["110"]\n    emergency: true\n    survival: survival\n',
      STAFFED,
    );
    const [city, police] = configOf(text, staffedWorld).hotlines;
    expect([city?.survivalSeconds, police?.survival, police?.survivalSeconds]).toEqual([
      60,
      'survival',
      20,
    ]);
    const other = text.replace('    survival: survival\n', '    survivalSeconds: 7\n');
    expect(configOf(other, staffedWorld).hotlines[1]?.survivalSeconds).toBe(7);
    // Only a site by trunk can be rung by the switch alone.
    const browser = changed(
      'reach: "site:survival", preference: 5',
      'reach: "110", preference: 5',
      STAFFED,
    );
    expect(configOf(browser, staffedWorld).hotlines[0]?.survival).toBeNull();
  });

  test('steps, links, sites, plans and people are read, with sensible values for what is left out', () => {
    const config = configOf(STAFFED, staffedWorld);
    expect(config.hotlines[0]?.steps).toEqual([
      { reach: 'link:desk', preference: 2, afterSeconds: 20, whenWaiting: 8 },
      // Neither after nor whenWaiting: the limits of its queue.
      { reach: 'site:suzhou', preference: 3, afterSeconds: 30, whenWaiting: 50 },
      { say: 'place', afterSeconds: 45, everySeconds: 60 },
      { say: 'call-back', afterSeconds: 60 },
      { say: 'answers', afterSeconds: 60, keys: { '2': 'hours' } },
      { reach: 'site:survival', preference: 5, afterSeconds: 300, whenWaiting: null },
    ]);
    expect(config.hotlines[1]?.steps).toEqual([
      { reach: '12345', preference: 3, afterSeconds: 20, whenWaiting: null },
    ]);
    expect(config.seats.map(({ site }) => site)).toEqual([null, null, 'suzhou']);
    // Whom it asks last is who is left when there is no controller.
    expect(config.hotlines.map(({ survival }) => survival)).toEqual(['survival', null]);
    expect(config.people.map(({ id, roles, password }) => [id, roles, password])).toEqual([
      ['chen', ['manager'], 'abcd'],
      ['duty', ['emergency'], 'from-outside'],
    ]);
    expect(config.links).toEqual([
      { id: 'desk', name: { zh: '公安专席', en: 'Police desk' }, seats: ['9001'], for: '12345' },
    ]);
    expect(config.sites).toEqual([
      {
        id: 'suzhou',
        name: { zh: '苏州', en: 'Suzhou' },
        region: null,
        line: 'browser',
        routes: [],
        seats: 0,
        skills: [],
        confirm: 'key',
        ringSeconds: 15,
        leaseMinutes: 60,
        standing: false,
        password: 'abcd',
        not: ['danger', 'english'],
        worst: {
          lower: { roundTripMs: 150, loss: 0.02, mos: 3.8 },
          out: { roundTripMs: 400, loss: 0.08, mos: 3 },
        },
      },
      expect.objectContaining({ id: 'survival', seats: 5, password: null, confirm: 'answer' }),
    ]);
    expect(config.plans).toEqual([
      {
        id: 'storm',
        name: { zh: '暴雨', en: 'Storm' },
        level: 'major',
        mayOpen: ['duty'],
        queues: ['12345'],
        sites: [{ site: 'suzhou', seats: 1, preference: 3 }],
        prompt: 'storm',
        hours: 12,
        wellMinutes: 15,
        onForecast: 'proposes',
        twoPeople: false,
      },
    ]);
    expect(config.subscribers).toEqual([
      {
        name: 'province',
        url: 'https://province.example/told',
        secret: 'a-long-secret',
        fromEnvironment: true,
      },
    ]);
  });

  test('without any of it there is none of it', () => {
    const { people, links, sites, plans, subscribers, hotlines } = configOf(GOOD);
    expect([people, links, sites, plans, subscribers, hotlines[0]?.steps]).toEqual(
      Array.from({ length: 6 }, () => []),
    );
  });

  test('two plans may together ask for more seats of a site than it has: who opens the second is told', () => {
    const second = STAFFED.slice(STAFFED.indexOf('  storm:'), STAFFED.indexOf('subscribers:'));
    expect(
      faultsOf(
        changed('subscribers:', `${second.replace('storm:', 'flood:')}subscribers:`, STAFFED),
        staffedWorld,
      ),
    ).toEqual([]);
  });

  test('what is plain in the file passes on loopback only; a subscriber’s secret may come from the environment', () => {
    const text = changed('secret: { env: HOOK }', 'secret: a-long-secret', STAFFED);
    expect(configOf(text, staffedWorld).subscribers[0]?.fromEnvironment).toBe(false);
    const open = (from: string) => {
      const env = { SEAT_9001: HASH, DUTY: HASH, HOOK: 'a-long-secret' };
      const found = faultsOf(from.replace('host: 127.0.0.1', 'host: 0.0.0.0'), {
        ...staffedWorld,
        env,
      });
      return found.map((fault) => fault.replace(/^\S+ /, '').replace(/ \(.*\),/, ','));
    };
    const passwords = ['seats[0]', 'seats[2]', 'people[0]', 'sites.suzhou'].map(
      (owner) => `${owner}.password: expected an $argon2id$ hash, got a plain password`,
    );
    expect(open(STAFFED)).toEqual(passwords);
    expect(open(text)).toEqual([
      ...passwords,
      'subscribers[0].secret: expected {env: NAME}, got a secret in the file',
    ]);
  });

  test('a prompt that a step or a centre plays must have a file', () => {
    const text = changed('confirm: answer', 'confirm: key', STAFFED);
    const hasPrompt = (name: string) =>
      staffedWorld.hasPrompt(name) && !alwaysPlayed.includes(name);
    const missing = faultsOf(text, { ...staffedWorld, hasPrompt }).map((fault) =>
      fault.replace(/: expected a prompt that has a file \(prompts\/(\S+).alaw\).*/, ' $1'),
    );
    expect(missing).toEqual([
      '14:27 hotlines.12345.steps[2].say place-many',
      '14:27 hotlines.12345.steps[2].say wait-long',
      '15:27 hotlines.12345.steps[3].say call-back-offer',
      '15:27 hotlines.12345.steps[3].say call-back-kept',
      '16:27 hotlines.12345.steps[4].say answers-offer',
      '52:14 sites.survival.confirm press-1-to-take',
    ]);
  });
});
