import { changed, faultsOf, STAFFED, staffedWorld } from '../tests/given/config.ts';

describe('a wrong configuration of who serves beyond a queue’s own seats', () => {
  test.each<[what: string, from: string, to: string, faults: string[]]>([
    [
      'automatic answering where the server does not answer',
      '    confirm: answer\n',
      '    confirm: answer\n    autoAnswer: true\n',
      [
        '53:17 sites.survival.autoAnswer: expected nothing, unless line is browser (a centre by trunk answers as it likes), got true',
      ],
    ],
    [
      'a plan that names an unknown site',
      'site: suzhou, seats',
      'site: suzou, seats',
      ['60:21 plans.storm.sites[0].site: expected a site (suzhou, survival), got "suzou"'],
    ],
    [
      'a plan that asks for more seats than there are',
      'suzhou, seats: 1',
      'suzhou, seats: 2',
      ['60:36 plans.storm.sites[0].seats: expected no more seats than suzhou has (1), got 2'],
    ],
    [
      'a plan without seats',
      'suzhou, seats: 1',
      'suzhou, seats: 0',
      ['60:36 plans.storm.sites[0].seats: expected a whole number of seats from 1 to 1000, got 0'],
    ],
    [
      'a site named twice in a plan',
      '[{ site: suzhou, seats: 1 }]',
      '[{ site: suzhou, seats: 1 }, { site: suzhou, seats: 1 }]',
      [
        '60:49 plans.storm.sites[1].site: expected a site that is named once, got "suzhou", which line 60 has',
      ],
    ],
    [
      'a plan that nobody known may open',
      'mayOpen: [duty]',
      'mayOpen: [chen, wang]',
      ['58:21 plans.storm.mayOpen[1]: expected a person (chen, duty), got "wang"'],
    ],
    [
      'a plan that nobody may open',
      'mayOpen: [duty]',
      'mayOpen: []',
      ['58:14 plans.storm.mayOpen: expected at least one person, got a list'],
    ],
    [
      'a plan for an unknown queue',
      'queues: ["12345"]',
      'queues: ["911"]',
      ['59:14 plans.storm.queues[0]: expected a hotline (12345, 110), got "911"'],
    ],
    [
      'a plan of an unknown level',
      'level: major',
      'level: -1',
      [
        '57:12 plans.storm.level: expected one of: "general", "larger", "major", "extraordinary", got -1',
      ],
    ],
    [
      'a plan without a prompt’s file',
      'prompt: storm',
      'prompt: flood',
      [
        '61:13 plans.storm.prompt: expected a prompt that has a file (prompts/flood.alaw), got "flood"',
      ],
    ],
    [
      'a plan of no time',
      'hours: 12',
      'hours: 0\n    wellMinutes: 0',
      [
        '62:12 plans.storm.hours: expected hours, more than 0 and at most 720, got 0',
        '63:18 plans.storm.wellMinutes: expected a whole number of minutes from 1 to 1440, got 0',
      ],
    ],
    [
      'two people where there is one, and where a forecast opens it',
      'hours: 12',
      'hours: 12\n    twoPeople: true\n    onForecast: opens',
      [
        '58:14 plans.storm.mayOpen: expected at least two people, with twoPeople: true, got a list',
        '64:17 plans.storm.onForecast: expected nothing or proposes, with twoPeople: true, got "opens"',
      ],
    ],
    [
      'a lease of zero',
      'password: abcd, not',
      'leaseMinutes: 0, password: abcd, not',
      [
        '46:72 sites.suzhou.leaseMinutes: expected a whole number of minutes (no lease is zero) from 1 to 10080, got 0',
      ],
    ],
    [
      'a site that cannot log in',
      'line: browser, password: abcd, not',
      'line: browser, not',
      [
        '46:3 sites.suzhou.password: expected a password, with which it renews its lease, got nothing',
      ],
    ],
    [
      'a matter that nobody knows',
      'not: [danger, english]',
      'not: [dangr]',
      [
        '46:80 sites.suzhou.not[0]: expected a matter or a skill (danger, from-110, english), got "dangr"',
      ],
    ],
    [
      'a centre without a way or seats',
      '    routes: [{ trunk: carrier, number: "02512300" }]\n    seats: 5\n',
      '',
      [
        '47:3 sites.survival.routes: expected at least one route, got nothing',
        '47:3 sites.survival.seats: expected how many seats it has, got nothing',
      ],
    ],
    [
      'a centre by an unknown trunk, with our number',
      'trunk: carrier, number: "02512300"',
      'trunk: carier, number: "110"',
      [
        '50:23 sites.survival.routes[0].trunk: expected a trunk (carrier, police), got "carier"',
        '50:39 sites.survival.routes[0].number: expected a number that belongs to one line only, got "110", which hotlines.110 has in line 20',
      ],
    ],
    [
      'a browser site with a centre’s keys',
      'line: browser, password',
      'line: browser, seats: 3, routes: [], password',
      [
        '46:65 sites.suzhou.seats: expected nothing, unless line is trunk (people of a browser site stand in seats), got 3',
        '46:76 sites.suzhou.routes: expected nothing, unless line is trunk (people of a browser site stand in seats), got a list',
      ],
    ],
    [
      'limits of a line that get better',
      'seats: 5',
      'seats: 5\n    worst: { lower: { mos: 3.5, loss: 0.1 }, out: { mos: 3.6, loss: 0.05 } }',
      [
        '52:58 sites.survival.worst.out.mos: expected a value no better than that of lower (3.5), got 3.6',
        '52:69 sites.survival.worst.out.loss: expected a value no better than that of lower (0.1), got 0.05',
      ],
    ],
    [
      'a line that cannot be',
      'seats: 5',
      'seats: 5\n    worst: { out: { mos: 5, loss: 8, roundTripMs: -1 } }',
      [
        '52:26 sites.survival.worst.out.mos: expected a number from 1 to 4.5, got 5',
        '52:35 sites.survival.worst.out.loss: expected a number from 0 to 1, got 8',
        '52:51 sites.survival.worst.out.roundTripMs: expected a number from 1 to 10000, got -1',
      ],
    ],
    [
      'a region that is none',
      'line: browser, password',
      'line: browser, region: 320500, password',
      [
        '46:66 sites.suzhou.region: expected a region code of 6 digits in quotes (GB/T 2260), or null, got 320500',
      ],
    ],
    [
      'a survival site that Asterisk cannot ring',
      '    numbers: ["110"]\n',
      '    numbers: ["110"]\n    survival: suzhou\n',
      [
        '21:15 hotlines.110.survival: expected a site whose line is trunk, with standing: true (survival), got "suzhou"',
      ],
    ],
    [
      'no patience without a controller',
      '    numbers: ["110"]\n',
      '    numbers: ["110"]\n    survivalSeconds: 0\n',
      ['21:22 hotlines.110.survivalSeconds: expected whole seconds from 1 to 3600, got 0'],
    ],
    [
      'a survival route that needs a lease',
      'standing: true',
      'password: abcd',
      [
        '17:30 hotlines.12345.steps[5].reach: expected a site with standing: true (preference 5 is the survival route: it works without a lease), got "site:survival"',
      ],
    ],
    [
      'a seat of an unknown site',
      'site: suzhou, password',
      'site: survival, password',
      [
        '39:75 seats[2].site: expected a site whose line is browser (suzhou), got "survival"',
        '60:36 plans.storm.sites[0].seats: expected no more seats than suzhou has (0), got 1',
      ],
    ],
    [
      'a phone elsewhere',
      'site: suzhou, password',
      'site: suzhou, line: phone, password',
      ['39:89 seats[2].line: expected browser, by which a person elsewhere signs in, got "phone"'],
    ],
    [
      'a link for an unknown hotline',
      'seats: ["9001"], for: "12345"',
      'seats: ["9001"], for: "911"',
      [
        '12:45 hotlines.12345.steps[0].reach: expected a group that it can reach (110, site:suzhou, site:survival), got "link:desk"',
        '44:70 links.desk.for: expected a hotline (12345, 110), got "911"',
      ],
    ],
    [
      'a link whose seat is the hotline’s own',
      'seats: ["9001"]',
      'seats: ["9001", "8001", "9001", "9999"]',
      [
        '44:64 links.desk.seats[1]: expected a seat that does not belong to 12345, for which it stands in, got "8001"',
        '44:72 links.desk.seats[2]: expected a seat that is named once, got "9001", which line 44 has',
        '44:80 links.desk.seats[3]: expected a seat (8001, 9001, 7001), got "9999"',
      ],
    ],
    [
      'ids that two would log in with',
      'id: chen',
      'id: suzhou',
      [
        '46:3 sites.suzhou: expected an id that no other seat, person or site has, got "suzhou", which line 41 has',
      ],
    ],
    [
      'a person’s id that is a seat’s',
      'id: chen',
      'id: "8001"',
      [
        '41:11 people[0].id: expected an id that no other seat, person or site has, got "8001", which line 37 has',
      ],
    ],
    [
      'a person without a role',
      'roles: [manager]',
      'roles: []',
      ['41:34 people[0].roles: expected at least one role: manager, emergency, got a list'],
    ],
    [
      'a role that is none',
      'roles: [manager]',
      'roles: [chief]',
      ['41:35 people[0].roles[0]: expected one of: "manager", "emergency", got "chief"'],
    ],
    [
      'a step to itself',
      'reach: "12345" }',
      'reach: "110" }',
      [
        '22:29 hotlines.110.steps[0].reach: expected a group that it can reach (12345, site:suzhou, site:survival), got "110"',
      ],
    ],
    [
      'a step to another’s link',
      'reach: "12345" }',
      'reach: "link:desk" }',
      [
        '22:29 hotlines.110.steps[0].reach: expected a group that it can reach (12345, site:suzhou, site:survival), got "link:desk"',
      ],
    ],
    [
      'a step to an unknown site',
      'reach: "site:suzhou"',
      'reach: "site:suzou"',
      [
        '13:18 hotlines.12345.steps[1].reach: expected a group that it can reach (110, link:desk, site:suzhou, site:survival), got "site:suzou"',
      ],
    ],
    [
      'steps out of order',
      'after: 300',
      'after: 59',
      [
        '17:18 hotlines.12345.steps[5].after: expected no fewer seconds than the step before (60), got 59',
      ],
    ],
    [
      'a step without a time',
      'after: 20, reach',
      'reach',
      [
        '22:9 hotlines.110.steps[0].after: expected seconds of waiting, or longestWaitSeconds of the hotline, got nothing',
      ],
    ],
    [
      'a step that stands twice',
      '{ after: 300, reach: "site:survival", preference: 5 }',
      '{ after: 300, reach: "site:suzhou" }\n      - { after: 300, say: place }',
      [
        '17:30 hotlines.12345.steps[5].reach: expected a step that stands once, got "site:suzhou", which line 13 has',
        '18:28 hotlines.12345.steps[6].say: expected a step that stands once, got "place", which line 14 has',
      ],
    ],
    [
      'a step that does nothing, and one that does too much',
      '{ after: 45, say: place }\n      - { after: 60, say: call-back }',
      '{ after: 45 }\n      - { after: 60, say: call-back, reach: "110" }',
      [
        '14:9 hotlines.12345.steps[2]: expected either reach or say, got a block',
        '15:9 hotlines.12345.steps[3]: expected either reach or say, got a block',
      ],
    ],
    [
      'what does not belong to a step',
      'after: 45, say: place',
      'after: 45, say: place, keys: {}, preference: 2, colour: red',
      [
        '14:34 hotlines.12345.steps[2].keys: expected one of: after, say, every, got "keys"',
        '14:44 hotlines.12345.steps[2].preference: expected one of: after, say, every, got "preference"',
        '14:59 hotlines.12345.steps[2].colour: expected one of: after, whenWaiting, reach, preference, say, every, keys, got "colour"',
      ],
    ],
    [
      'something unknown to say',
      'say: place',
      'say: hello',
      [
        '14:27 hotlines.12345.steps[2].say: expected one of: "place", "call-back", "answers", got "hello"',
      ],
    ],
    [
      'a preference that is none',
      'preference: 2',
      'preference: 0',
      ['12:70 hotlines.12345.steps[0].preference: expected one of: 1, 2, 3, 4, 5, got 0'],
    ],
    [
      'a crowd of nobody',
      'whenWaiting: 8',
      'whenWaiting: 0',
      [
        '12:35 hotlines.12345.steps[0].whenWaiting: expected a whole number of callers from 1 to 100000, got 0',
      ],
    ],
    [
      'keys that mean something else, and a prompt without a file',
      'keys: { "2": hours }',
      'keys: { "1": hours, "3": weather }',
      [
        '16:44 hotlines.12345.steps[4].keys.1: expected a key from 2 to 9, got "1"',
        '16:61 hotlines.12345.steps[4].keys.3: expected a prompt that has a file (prompts/weather.alaw), got "weather"',
      ],
    ],
    [
      'answers without keys',
      'keys: { "2": hours }',
      'keys: {}',
      ['16:42 hotlines.12345.steps[4].keys: expected at least one key, got a block'],
    ],
    [
      'a menu before the people',
      '- { after: 20, reach: "12345" }',
      '- { after: 5, say: answers, keys: { "2": hours } }',
      [
        '22:18 hotlines.110.steps[0].after: expected no fewer seconds than its target (15; GB/T 33358-2016: people first, no menu), got 5',
      ],
    ],
    [
      'a subscriber whose address is none, with a short secret',
      'url: "https://province.example/told", secret: { env: HOOK }',
      'url: "ftp://c", secret: short',
      [
        '64:28 subscribers[0].url: expected an address with http:// or https://, got "ftp://c"',
        '64:47 subscribers[0].secret: expected a secret of at least 8 characters, got (not shown)',
      ],
    ],
    [
      'a subscriber’s secret that is not set',
      'env: HOOK',
      'env: HOKO',
      [
        '64:76 subscribers[0].secret.env: expected an environment variable that is set, got HOKO, which is not set',
      ],
    ],
  ])('refuses %s', (_what, from, to, expected) => {
    expect(faultsOf(changed(from, to, STAFFED), staffedWorld)).toEqual(expected);
  });
});
