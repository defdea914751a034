import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { changed, configOf, faultsOf, FILE, surroundings } from '../tests/given/config.ts';
import { ConfigErrors } from './faults.ts';
import { loadConfig } from './load.ts';

describe('a wrong configuration', () => {
  test('a file that cannot be read is told as a fault', () => {
    expect(() => loadConfig('nowhere/liandong.yaml')).toThrow(
      /^nowhere\/liandong.yaml:1:1: expected a configuration file that can be read, got ENOENT/,
    );
  });

  test('a fault is told in both languages, with its place', () => {
    try {
      configOf(changed('"10.0.0.1:5060"', '10.0.0.1'));
      throw new Error('passed');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigErrors);
      expect((error as ConfigErrors).message).toBe(
        'config/liandong.yaml:14:14 trunks.carrier.address: expected host:port, or practice, got "10.0.0.1"',
      );
      expect((error as ConfigErrors).words.zh).toBe(
        'config/liandong.yaml:14:14 trunks.carrier.address：应为主机:端口，或 practice，实为 "10.0.0.1"',
      );
      expect((error as ConfigErrors).faults[0]).toEqual({
        file: FILE,
        line: 14,
        column: 14,
        path: 'trunks.carrier.address',
        expected: { zh: '主机:端口，或 practice', en: 'host:port, or practice' },
        got: { zh: '"10.0.0.1"', en: '"10.0.0.1"' },
      });
    }
  });

  test.each<[what: string, from: string, to: string, faults: string[]]>([
    [
      'a name that would turn whatever follows it',
      'name: 王芳',
      'name: "王\\u202e芳"',
      ['26:25 seats[0].name: expected a text without control characters, got "王\u202e芳"'],
    ],
    [
      'a phone that the server shall answer',
      'line: phone,',
      'line: phone, autoAnswer: true,',
      [
        '27:73 seats[1].autoAnswer: expected false (only a browser line is answered by the server; set up the phone itself), got true',
      ],
    ],
    [
      'a reason for not being ready that the system uses itself, and one without words',
      'seats:\n',
      'desk: { reasons: { line-lost: { zh: 甲, en: a }, tea: 茶 }, wrapUp: { extendTimes: 99 } }\nseats:\n',
      [
        '25:20 desk.reasons.line-lost: expected a name that the system does not use itself, got "line-lost"',
        '25:54 desk.reasons.tea: expected a block of names and values, got "茶"',
        '25:82 desk.wrapUp.extendTimes: expected a whole number of times from 0 to 20, got 99',
      ],
    ],
    [
      'an unknown key',
      'welcome: welcome-12345',
      'welcom: x',
      [
        '7:5 hotlines.12345.welcom: expected one of: name, numbers, emergency, welcome, recorded, recordingAnnounced, offerSeconds, wrapUpSeconds, transferSeconds, needs, relax, strategy, targetSeconds, keepTurnSeconds, sameSeatSeconds, seatBackSeconds, leaveAfterSeconds, satisfactionSeconds, callBackTrunk, survival, survivalSeconds, longestWaitSeconds, longestQueue, steps, got "welcom"',
      ],
    ],
    [
      'a trunk for call-backs that is none',
      'welcome: welcome-12345',
      'callBackTrunk: nowhere',
      [
        '7:20 hotlines.12345.callBackTrunk: expected a trunk that is not for drills (carrier, police), got "nowhere"',
      ],
    ],
    [
      'a question to callers of an emergency line, and prompts that it lacks',
      'welcome: welcome-12345',
      'satisfactionSeconds: 8\n    emergency: true',
      [
        '7:26 hotlines.12345.satisfactionSeconds: expected null (callers of an emergency line are not asked), got 8',
        '7:26 hotlines.12345.satisfactionSeconds: expected a prompt that has a file (prompts/satisfaction-ask.alaw), got 8',
        '7:26 hotlines.12345.satisfactionSeconds: expected a prompt that has a file (prompts/satisfaction-thanks.alaw), got 8',
      ],
    ],
    [
      'a missing value, at the block that lacks it',
      '    ownNumber: "12345"\n  police',
      '  police',
      ['13:3 trunks.carrier.ownNumber: expected a text (numbers in quotes), got nothing'],
    ],
    [
      'a number without quotes',
      'numbers: ["110"]',
      'numbers: [110]',
      ['11:15 hotlines.110.numbers[0]: expected a text (numbers in quotes), got 110'],
    ],
    [
      'a name without quotes',
      '  "110":',
      '  110:',
      ['9:3 hotlines.110: expected a name in quotes, got 110'],
    ],
    [
      'a route to an unknown trunk',
      'trunk: police',
      'trunk: polise',
      ['24:23 peers.119.routes[0].trunk: expected a trunk (carrier, police), got "polise"'],
    ],
    [
      'a seat of an unknown hotline',
      'hotlines: ["110"]',
      'hotlines: ["110", "911"]',
      ['27:47 seats[1].hotlines[1]: expected a hotline (12345, 110), got "911"'],
    ],
    [
      'a seat without the skill',
      'skills: [english]',
      'skills: [dialect]',
      [
        '26:40 seats[0].hotlines[0]: expected a hotline that the seat\'s skills suffice for ("12345" needs english), got a seat without english',
      ],
    ],
    [
      'a seat whose skill is not good enough',
      'needs: [english]',
      'needs: [{ english: 3 }]',
      [
        '26:40 seats[0].hotlines[0]: expected a hotline that the seat\'s skills suffice for ("12345" needs english 3), got a seat without english 3',
      ],
    ],
    [
      'levels that are none',
      'skills: [english]',
      'skills: [english, { tax: 0 }, { law: 1.5 }, {}, 7]',
      [
        '26:75 seats[0].skills[1].tax: expected a level from 1 to 9, got 0',
        '26:87 seats[0].skills[2].law: expected a level from 1 to 9, got 1.5',
        '26:94 seats[0].skills[3]: expected the name of a skill, or {name: level 1 to 9}, got a block',
        '26:98 seats[0].skills[4]: expected the name of a skill, or {name: level 1 to 9}, got 7',
      ],
    ],
    [
      'a skill named twice',
      'needs: [english]',
      'needs: [english, { english: 1 }]',
      [
        '8:33 hotlines.12345.needs[1].english: expected a skill that is named once, got "english", which line 8 has',
      ],
    ],
    [
      'steps that do not relax',
      'needs: [english]',
      'needs: [english]\n    relax: [{ afterSeconds: 9, skill: english, level: 1 }, { afterSeconds: 0, skill: tax }]',
      [
        '9:55 hotlines.12345.relax[0].level: expected a level below 1, got 1',
        '9:76 hotlines.12345.relax[1].afterSeconds: expected whole seconds from 1 to 3600, got 0',
        '9:86 hotlines.12345.relax[1].skill: expected a skill that it needs (english), got "tax"',
      ],
    ],
    [
      'a strategy that is not known',
      'needs: [english]',
      'needs: [english]\n    strategy: ring-all',
      [
        '9:15 hotlines.12345.strategy: expected one of: "longest-idle", "most-skilled", "least-occupied", got "ring-all"',
      ],
    ],
    [
      'a number of two hotlines',
      'numbers: ["110"]',
      'numbers: ["110", "12345"]',
      [
        '11:22 hotlines.110.numbers[1]: expected a number that belongs to one line only, got "12345", which hotlines.12345 has in line 6',
      ],
    ],
    [
      'a number of a hotline and a peer',
      'number: "119"',
      'number: "110"',
      [
        '24:39 peers.119.routes[0].number: expected a number that belongs to one line only, got "110", which hotlines.110 has in line 11',
      ],
    ],
    [
      'a peer with the id of a hotline',
      '  "119":',
      '  "110":',
      ['22:3 peers.110: expected an id that no hotline here has, got "110"'],
    ],
    [
      'a seat id used twice',
      'id: "9001"',
      'id: "8001"',
      [
        '27:11 seats[1].id: expected an id that no other seat, person or site has, got "8001", which line 26 has',
      ],
    ],
    [
      'a welcome without a file',
      'welcome: welcome-12345',
      'welcome: hello',
      [
        '7:14 hotlines.12345.welcome: expected a prompt that has a file (prompts/hello.alaw), got "hello"',
      ],
    ],
    [
      'a source address in two trunks',
      '["10.0.1.0/24"]',
      '["10.0.0.0/16"]',
      [
        '19:15 trunks.police.sources[0]: expected a source address of one trunk only, got "10.0.0.0/16", while trunks.carrier has "10.0.0.1" in line 15',
      ],
    ],
    [
      'a source that is no address',
      '["10.0.1.0/24"]',
      '["10.0.1.0/33", "police.example"]',
      [
        '19:15 trunks.police.sources[0]: expected an IP address or a network in CIDR form, got "10.0.1.0/33"',
        '19:30 trunks.police.sources[1]: expected an IP address or a network in CIDR form, got "police.example"',
      ],
    ],
    [
      'sources left out',
      '    sources: ["10.0.0.1"]\n',
      '',
      [
        '13:3 trunks.carrier.sources: expected a list of source addresses ([] if it only takes calls), got nothing',
      ],
    ],
    [
      'an own number that is none',
      'ownNumber: "12345"\n  police',
      'ownNumber: "12345x"\n  police',
      [
        '16:16 trunks.carrier.ownNumber: expected a telephone number of 2 to 15 digits, in quotes, got "12345x"',
      ],
    ],
    [
      'a wrong choice',
      'line: phone',
      'line: fax',
      ['27:54 seats[1].line: expected one of: "browser", "phone", got "fax"'],
    ],
    [
      'seconds out of range',
      'needs: [english]',
      'needs: [english]\n    offerSeconds: 1.5',
      ['9:19 hotlines.12345.offerSeconds: expected whole seconds from 3 to 120, got 1.5'],
    ],
    [
      'a trunk name that Asterisk would confuse',
      '  carrier:',
      '  citizen:',
      ['13:3 trunks.citizen: expected a name other than citizen and seat-…, got "citizen"'],
    ],
    [
      'a trunk name that is none',
      '  carrier:',
      '  "car]rier":',
      [
        '13:3 trunks.car]rier: expected a name of small letters, digits and hyphens, got "car]rier"',
      ],
    ],
    [
      'practice trunks without practice',
      'address: "10.0.0.1:5060"',
      'address: practice',
      [
        '14:14 trunks.carrier.address: expected host:port (practice only while practice.peers is true), got "practice"',
      ],
    ],
    [
      'a plain password that others can reach',
      'host: 127.0.0.1',
      'host: 0.0.0.0',
      [
        '26:79 seats[0].password: expected an $argon2id$ hash (plain passwords only while http.host is a loopback address), got a plain password',
        '27:71 seats[1].password: expected an $argon2id$ hash (plain passwords only while http.host is a loopback address), got a plain password',
      ],
    ],
    [
      'a password that is too short, which is not shown',
      'password: abcd',
      'password: abc',
      ['26:79 seats[0].password: expected a password of at least 4 characters, got (not shown)'],
    ],
    [
      'a hash that was cut',
      'password: abcd',
      'password: "$argon2id$v=19$m=65536,t=3"',
      ['26:79 seats[0].password: expected a whole $argon2id$ hash, got (not shown)'],
    ],
    [
      'an environment variable that is not set',
      'env: SEAT_9001',
      'env: SEAT_9009',
      [
        '27:78 seats[1].password.env: expected an environment variable that is set, got SEAT_9009, which is not set',
      ],
    ],
    [
      'a key written twice',
      '    ownNumber: "12345"\n  police',
      '    ownNumber: "12345"\n    ownNumber: "12"\n  police',
      ['17:5: expected every key only once, got ownNumber'],
    ],
    [
      'text that is no YAML',
      'hotlines: ["110"]',
      'hotlines: ["110"',
      [
        '27:89: expected YAML, got Flow sequence in block collection must be sufficiently indented and end with a ]',
        '27:90: expected YAML, got Flow map in block collection must be sufficiently indented and end with a }',
      ],
    ],
  ])('refuses %s', (_what, from, to, faults) => {
    expect(faultsOf(changed(from, to))).toEqual(faults);
  });

  test('tells all faults at once, in the order of the lines', () => {
    const text = changed('trunk: police', 'trunk: nowhere')
      .replace('welcome: welcome-12345', 'welcome: hello\n    colour: red')
      .replace('line: phone', 'line: fax')
      .replace('deployment: { id: nanjing,', 'deployment: {');
    expect(faultsOf(text).map((fault) => fault.split(': ')[0])).toEqual([
      '1:1 deployment.id',
      '7:14 hotlines.12345.welcome',
      '8:5 hotlines.12345.colour',
      '25:23 peers.119.routes[0].trunk',
      '28:54 seats[1].line',
    ]);
  });

  test('hashes pass wherever it listens', () => {
    const hash = '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$WxXPZ8y2pAnLGEKmlWCOrFbaMiuEOkz6';
    const text = changed('host: 127.0.0.1', 'host: 0.0.0.0').replace(
      'password: abcd',
      `password: "${hash}"`,
    );
    expect(faultsOf(text, { ...surroundings, env: { SEAT_9001: hash } })).toEqual([]);
  });

  test.each([
    '',
    '[]',
    'x',
    '- a',
    'null',
    'hotlines: []\ntrunks: 5\npeers: x\nseats: {}',
    'a: &a [*a]',
  ])('is not upset by %j', (text) => {
    expect(faultsOf(text).length).toBeGreaterThan(0);
  });

  test('is not upset by any one line left out', () => {
    const lines = readFileSync(
      fileURLToPath(new URL('liandong.yaml', import.meta.url)),
      'utf8',
    ).split('\n');
    for (const i of lines.keys()) {
      const text = lines.filter((_, index) => index !== i).join('\n');
      for (const fault of faultsOf(text)) expect(fault).not.toMatch(/undefined|Invalid/);
    }
  });
});
