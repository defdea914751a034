import { practiceNumbers } from '../config/load.ts';
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
      seats: config.seats.map(({ id, line }) => ({
        id,
        line,
        secret: secretFor(environment, `seat ${id}`),
      })),
      citizens: config.practice.citizenPage ? { secret: secretFor(environment, 'citizen') } : null,
      practicePeers: practiceNumbers(config),
      numbers: config.hotlines.flatMap(({ numbers }) => numbers),
      soundsDir: environment.prompts,
      musicDirs: {
        music: `${environment.sounds}/music`,
        ringback: `${environment.sounds}/ringback`,
      },
    }),
    logIns: config.seats
      .filter(({ password }) => !isPasswordHash(password))
      .map(({ id, name, hotlines, password }) => ({
        who: {
          zh: `${hotlines.join('、')} 座席 ${name}`,
          en: `seat of ${hotlines.join(', ')}, ${name}`,
        },
        name: id,
        password,
      })),
    addresses: [
      { what: { zh: '座席', en: 'Operator’s desk' }, url: `${url}/desk` },
      ...(config.practice.citizenPage
        ? [{ what: { zh: '市民（演练来电）', en: 'Citizen, to ring' }, url: `${url}/citizen` }]
        : []),
      { what: { zh: '接口说明', en: 'API' }, url: `${url}/api/docs` },
    ],
  };
}
