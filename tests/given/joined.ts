import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anAddress } from './address.ts';
import { aCity, hotline, peer, seat } from './city.ts';
import { aDeployment, trunkTo, type DeploymentOptions, type Written } from './deployment.ts';
import { aKey, Network, until } from './exchange.ts';
import type { ToneName } from './hearing.ts';
import { startPostgres, type GivenPostgres } from './postgres.ts';
import { World } from './world.ts';

/**
 * The city's 12345 and the police's 110, each with its own Asterisk, Redis and controller, joined by a SIP trunk that both
 * trust.
 */
export interface Joined {
  readonly city: World;
  readonly police: World;
  /** After a story; a citizen of the one may have a call in the other. */
  clear(): Promise<void>;
  ends(): Promise<void>;
}

/**
 * They exchange tickets, too: each with its own PostgreSQL, the wire to each with a network before it. The police have a
 * 122 as well, to which the trunk is dead.
 */
export interface JoinedWithTickets extends Joined {
  readonly databases: Readonly<Record<Name, GivenPostgres>>;
  readonly wireTo: Readonly<Record<Name, Network>>;
}

type Name = 'city' | 'police';

interface More {
  readonly config?: Written;
  readonly options?: DeploymentOptions;
}

/** @param more on top of what each is told */
export async function joined(more: Partial<Readonly<Record<Name, More>>> = {}): Promise<Joined> {
  const [cityIp, policeIp] = [await anAddress(), await anAddress()];
  const city = await anInstallation(
    cityIp,
    'city',
    {
      hotlines: { '12345': hotline('政务服务便民热线', ['12345']) },
      trunks: { police: trunkTo(policeIp, { emergency: true }) },
      peers: { '110': peer('公安', [{ trunk: 'police', number: '110' }]) },
      seats: ['8001', '8002'].map((one) => seat(one)),
    },
    more.city,
  );
  const police = await anInstallation(
    policeIp,
    'police',
    {
      hotlines: { '110': hotline('报警服务台', ['110'], { emergency: true }) },
      trunks: { city: trunkTo(cityIp, { ownNumber: '110' }) },
      peers: { '12345': peer('市民热线', [{ trunk: 'city', number: '12345' }]) },
      seats: ['9001', '9002'].map((one) => seat(one)),
    },
    more.police,
  );
  return {
    city,
    police,
    clear: async () => void (await Promise.all([city.clear(), police.clear()])),
    async ends() {
      await city.ends();
      await police.ends();
    },
  };
}

export async function joinedWithTickets(): Promise<JoinedWithTickets> {
  const folder = await mkdtemp(join(tmpdir(), 'liandong-keys-'));
  const worlds: Partial<Record<Name, World>> = {};
  const portOf = (name: Name): number =>
    Number(new URL(worlds[name]?.deployment.url ?? 'http://127.0.0.1:1').port);
  const aSide = async (name: Name) => {
    const keys = aKey(`${name}-1`);
    const file = join(folder, `${name}.pem`);
    await writeFile(file, keys.own.pem);
    const network = await Network.before(() => portOf(name));
    return { keys, file, network, database: await startPostgres() };
  };
  const [city, police] = await Promise.all([aSide('city'), aSide('police')]);
  const told = (
    own: typeof city,
    name: Name,
    other: typeof city,
    hotlines: string[],
    config: Written,
  ): More => ({
    config: {
      ...config,
      exchange: {
        key: { id: own.keys.own.id, file: own.file },
        peers: {
          [name]: {
            name: { zh: name, en: name },
            url: other.network.url,
            hotlines,
            keys: { [other.keys.shown.id]: other.keys.shown.x },
          },
        },
      },
    },
    options: { databaseUrl: own.database.url },
  });
  const both = await joined({
    city: told(city, 'police', police, ['110', '122'], {
      trunks: { dead: trunkTo(await anAddress()) },
      peers: { '122': peer('交警', [{ trunk: 'dead', number: '122' }], { ringSeconds: 3 }) },
    }),
    police: told(police, 'city', city, ['12345'], {
      hotlines: { '122': hotline('交通事故报警', ['122'], { emergency: true }) },
    }),
  });
  Object.assign(worlds, { city: both.city, police: both.police });
  await until(() => [both.city, both.police].every((world) => ticketsOf(world).state === 'on'));
  return {
    ...both,
    databases: { city: city.database, police: police.database },
    wireTo: { city: city.network, police: police.network },
    async ends() {
      await both.ends();
      for (const { network, database } of [city, police]) {
        network.close();
        await database.stop();
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As the controller has them. */
export const ticketsOf = (world: World) => world.deployment.running.wired.tickets;

async function anInstallation(
  ip: string,
  id: string,
  change: Written,
  { config: more, options }: More = {},
): Promise<World> {
  const given = await aCity((config) => ({
    ...config,
    deployment: { id, name: { zh: id, en: id } },
    sip: { host: ip, port: 5060 },
    ...change,
    ...more,
    hotlines: all('hotlines', change, more),
    trunks: all('trunks', config, change, more),
    peers: all('peers', config, change, more),
  }));
  return new World(given, await aDeployment(given.config, { ip, ...options }));
}

const all = (what: string, ...written: readonly (Written | undefined)[]): Written =>
  Object.assign({}, ...written.map((one) => one?.[what])) as Written;

/** A citizen of one installation talks with a seat of its own. */
export async function talks(
  world: World,
  dialled: string,
  seatId: string,
  {
    number = '13800138000',
    tone,
    ...ring
  }: { number?: string; tone?: ToneName; from?: string; headers?: string[] } = {},
) {
  const taker = await world.phoneSeat(seatId);
  const citizen = await world.citizen(number, tone);
  await citizen.rings(dialled, ring);
  await taker.phone.isRung();
  await taker.phone.answers();
  const { call } = await taker.desk.isAtStage('talking');
  if (!call) throw new Error('no call');
  return { taker, citizen, call };
}
