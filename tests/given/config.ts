import type { Surroundings } from '../../config/cross-checks.ts';
import { ConfigErrors, sentence } from '../../config/faults.ts';
import { parseConfig, type Config } from '../../config/load.ts';

/** A configuration without a fault, to change one place of. */

export const FILE = 'config/liandong.yaml';

export const GOOD = `deployment: { id: nanjing, name: { zh: 南京12345, en: Nanjing 12345 } }
http: { host: 127.0.0.1 }
hotlines:
  "12345":
    name: { zh: 热线, en: Service }
    numbers: ["12345"]
    welcome: welcome-12345
    needs: [english]
  "110":
    name: { zh: 报警, en: Police }
    numbers: ["110"]
trunks:
  carrier:
    address: "10.0.0.1:5060"
    sources: ["10.0.0.1"]
    ownNumber: "12345"
  police:
    address: "sbc.police.example:5060"
    sources: ["10.0.1.0/24"]
    ownNumber: "12345"
peers:
  "119":
    name: { zh: 消防, en: Fire }
    routes: [{ trunk: police, number: "119" }]
seats:
  - { id: "8001", name: 王芳, hotlines: ["12345"], skills: [english], password: abcd }
  - { id: "9001", name: 赵刚, hotlines: ["110"], line: phone, password: { env: SEAT_9001 } }
`;

export const surroundings: Surroundings = {
  env: { SEAT_9001: 'from-outside' },
  hasPrompt: (name) => name === 'welcome-12345',
  textOf: () => undefined,
};

/** The good file with one place changed. */
export function changed(from: string, to: string, good = GOOD): string {
  if (!good.includes(from)) throw new Error(`Not in the good file: ${from}`);
  return good.replace(from, to);
}

/** line:column path: sentence, in English, of every fault. */
export function faultsOf(text: string, world: Surroundings = surroundings): string[] {
  try {
    parseConfig(text, FILE, world);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    return error.faults.map((fault) => sentence(fault).en.slice(FILE.length + 1));
  }
}

/** What a text without a fault yields. */
export const configOf = (text: string, world: Surroundings = surroundings): Config =>
  parseConfig(text, FILE, world);

/** The good file and what goes beyond its own seats. */
export const STAFFED = `${changed(
  '    numbers: ["110"]\n',
  `    numbers: ["110"]
    steps:
      - { after: 20, reach: "12345" }
`,
).replace(
  '    needs: [english]\n',
  `    needs: [english]
    longestWaitSeconds: 30
    longestQueue: 50
    steps:
      - { after: 20, whenWaiting: 8, reach: "link:desk", preference: 2 }
      - { reach: "site:suzhou" }
      - { after: 45, say: place }
      - { after: 60, say: call-back }
      - { after: 60, say: answers, keys: { "2": hours } }
      - { after: 300, reach: "site:survival", preference: 5 }
`,
)}  - { id: "7001", name: 吴婷, hotlines: ["12345"], skills: [english], site: suzhou, password: abcd }
people:
  - { id: chen, name: 陈明, roles: [manager], password: abcd }
  - { id: duty, name: 冯磊, roles: [emergency], password: { env: DUTY } }
links:
  desk: { name: { zh: 公安专席, en: Police desk }, seats: ["9001"], for: "12345" }
sites:
  suzhou: { name: { zh: 苏州, en: Suzhou }, line: browser, password: abcd, not: [danger, english] }
  survival:
    name: { zh: 省平台, en: Province }
    line: trunk
    routes: [{ trunk: carrier, number: "02512300" }]
    seats: 5
    confirm: answer
    standing: true
plans:
  storm:
    name: { zh: 暴雨, en: Storm }
    level: major
    mayOpen: [duty]
    queues: ["12345"]
    sites: [{ site: suzhou, seats: 1 }]
    prompt: storm
    hours: 12
subscribers:
  - { name: province, url: "https://province.example/told", secret: { env: HOOK } }
`;

/** Played when a step says so, beside those that are named. */
export const alwaysPlayed = [
  'place-many',
  'wait-long',
  'call-back-offer',
  'call-back-kept',
  'answers-offer',
];

export const staffedWorld: Surroundings = {
  env: { ...surroundings.env, DUTY: 'from-outside', HOOK: 'a-long-secret' },
  textOf: () => undefined,
  hasPrompt: (name) => [...alwaysPlayed, 'welcome-12345', 'storm', 'hours'].includes(name),
};
