import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { practiceNumbers, type Config } from '../config/load.ts';
import type { Words } from '../kernel/errors.ts';
import { isPasswordHash } from '../config/schema.ts';
import { asteriskFiles } from '../telephony/asterisk/files.ts';
import { configIn, ownAddresses, readEnvironment, secretFor } from './environment.ts';
import { appOf } from './nouns.ts';

/** Asterisk's files from the configuration, and what people need to begin. `env` as for server/main.ts. */
export async function prepare(env: Readonly<Record<string, string | undefined>>) {
  const environment = readEnvironment(env);
  const config = configIn(environment);
  const { asterisk } = environment;
  const url = `http://${config.http.host}:${config.http.port ?? environment.httpPort}`;
  return {
    asteriskFiles: asteriskFiles({
      app: appOf(config),
      node: environment.node,
      hosts: { http: new URL(asterisk.url).hostname, sip: config.sip.host },
      ports: {
        http: Number(new URL(asterisk.url).port || 80),
        sip: config.sip.port ?? environment.sipPort,
        rtpFrom: environment.rtpFrom,
        rtpTo: environment.rtpTo,
      },
      ownAddresses: ownAddresses(),
      ari: { user: asterisk.user, password: asterisk.password },
      trunks: config.trunks,
      seats: config.seats.map(({ id, line, played }) => ({
        id,
        line,
        played,
        secret: secretFor(environment, `seat ${id}`),
      })),
      citizens: config.practice.citizenPage ? { secret: secretFor(environment, 'citizen') } : null,
      practicePeers: practiceNumbers(config, config.peers),
      practiceCentres: practiceNumbers(config, config.sites),
      lines: config.hotlines.map(({ id, numbers, emergency, survivalSeconds, survival }) => ({
        hotline: id,
        numbers,
        emergency,
        patienceSeconds: survivalSeconds,
        survival: config.sites.find((site) => site.id === survival) ?? null,
      })),
      soundsDir: environment.prompts,
      music: await musicIn(`${environment.sounds}/music`),
      musicDirs: {
        music: `${environment.sounds}/music`,
        ringback: `${environment.sounds}/ringback`,
      },
    }),
    logIns: logIns(config).filter(({ password }) => !isPasswordHash(password)),
    addresses: [
      { what: { zh: '座席', en: 'Operator’s desk' }, url: `${url}/desk` },
      ...(config.practice.citizenPage
        ? [{ what: { zh: '市民（演练来电）', en: 'Citizen, to ring' }, url: `${url}/citizen` }]
        : []),
      ...(config.seats.some(({ played }) => played)
        ? [{ what: { zh: '五步上手', en: 'A tour in five steps' }, url: `${url}/tour` }]
        : []),
      { what: { zh: '接口说明', en: 'API' }, url: `${url}/api/docs` },
    ],
  };
}

/** Each file once, whatever formats it is there in. */
async function musicIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return [...new Set(names.map((name) => join(folder, parse(name).name)))].sort();
}

interface LogIn {
  readonly who: Words;
  readonly name: string;
  readonly password: string;
}

const roles: Readonly<Record<Config['people'][number]['roles'][number], Words>> = {
  manager: { zh: '班长', en: 'manager' },
  emergency: { zh: '应急值守', en: 'emergency staff' },
};

/** Everybody who may log in, in the order in which people would look for them. */
const logIns = ({ seats, people, sites }: Config): LogIn[] => [
  // A manager logs in by his own name.
  ...seats
    .filter(({ hotlines, played }) => hotlines.length > 0 && !played)
    .map(({ id, name, hotlines, site, password }) => ({
      who: {
        zh: `${hotlines.join('、')} 座席 ${name}${site === null ? '' : `（${site}）`}`,
        en: `seat of ${hotlines.join(', ')}${site === null ? '' : ` in ${site}`}, ${name}`,
      },
      name: id,
      password,
    })),
  ...people.map(({ id, name, roles: held, password }) => ({
    who: {
      zh: `${held.map((role) => roles[role].zh).join('、')} ${name}`,
      en: `${held.map((role) => roles[role].en).join(', ')}, ${name}`,
    },
    name: id,
    password,
  })),
  ...sites.flatMap(({ id, name, password }) =>
    password === null
      ? []
      : [{ who: { zh: `职场 ${name.zh}`, en: `site, ${name.en}` }, name: id, password }],
  ),
];
