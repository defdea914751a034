import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadConfig, type Config } from '../config/load.ts';
import { isPasswordHash } from '../config/schema.ts';

/** Where one Asterisk is. All have one user and password: secrets that the switch and we share follow from it. */
export interface AsteriskAt {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Where browsers reach its SIP over WebSocket. */
  readonly webSocket: string;
}

/** Everything that the environment tells the server; see README for each variable. */
export interface Environment {
  readonly configFile: string;
  /** Listens here instead of at the file's http.host; in a container 0.0.0.0. */
  readonly httpHost: string | null;
  /** Where people reach what listens at `httpHost`, when that is published elsewhere. */
  readonly httpPublishedAt: string | null;
  /** Asterisk's address instead of the file's sip.host. */
  readonly sipHost: string | null;
  /** What trunks, phones and browsers are told in its place, when Asterisk stands behind NAT. */
  readonly externalAddress: string | null;
  /** Where desks reach this controller, if not at the address at which it listens. */
  readonly url: string | null;
  readonly httpPort: number;
  readonly sipPort: number;
  readonly rtpFrom: number;
  readonly rtpTo: number;
  /** The first of `nodes`: the one whose files are written. */
  readonly asterisk: AsteriskAt;
  /** Every Asterisk that takes calls (交换机节点); at least one. */
  readonly nodes: readonly AsteriskAt[];
  /** How the Asterisk is called whose files are written; '' where there is but one. */
  readonly node: string;
  readonly redisUrl: string;
  /** PostgreSQL for tickets; null: there are none, calls need no database. */
  readonly databaseUrl: string | null;
  readonly transport: 'auto' | 'websocket' | 'ari-client';
  /** The folder of the built pages. */
  readonly pages: string;
  /** Folders of prompts and music as Asterisk sees them. */
  readonly prompts: string;
  readonly sounds: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads and checks the environment. Throws an Error that names the variable at fault. */
export function readEnvironment(env: Variables): Environment {
  const [asterisk, ...others] = asterisks(env);
  const configFile = resolve(env.LIANDONG_CONFIG ?? 'config/liandong.yaml');
  const transport = env.LIANDONG_ARI ?? 'auto';
  if (transport !== 'auto' && transport !== 'websocket' && transport !== 'ari-client') {
    throw new Error(`LIANDONG_ARI must be auto, websocket or ari-client, not ${transport}`);
  }
  const media = resolve(env.LIANDONG_MEDIA ?? 'config');
  return {
    configFile,
    transport,
    httpHost: ip(env, 'LIANDONG_HTTP_HOST'),
    httpPublishedAt: ip(env, 'LIANDONG_PUBLISH_HTTP'),
    sipHost: ip(env, 'LIANDONG_SIP_HOST'),
    externalAddress: ip(env, 'LIANDONG_EXTERNAL_ADDRESS'),
    url: env.LIANDONG_URL ? address(env, 'LIANDONG_URL', 'https://desks.example').origin : null,
    httpPort: port(env, 'LIANDONG_HTTP_PORT', 7000),
    sipPort: port(env, 'LIANDONG_SIP_PORT', 7002),
    rtpFrom: port(env, 'LIANDONG_RTP_FROM', 7100),
    rtpTo: port(env, 'LIANDONG_RTP_TO', 9899),
    asterisk,
    nodes: [asterisk, ...others],
    node: nodeName(env),
    redisUrl: address(env, 'REDIS_URL', 'redis://127.0.0.1:6379').href,
    databaseUrl: env.DATABASE_URL
      ? address(env, 'DATABASE_URL', 'postgres://user:password@127.0.0.1:5432/liandong').href
      : null,
    pages: resolve(env.LIANDONG_PAGES ?? 'dist/ui'),
    prompts: `${media}/prompts`,
    sounds: `${media}/sounds`,
  };
}

/**
 * The configuration file, with the addresses that the environment puts in the place of its own.
 * @throws ConfigErrors for a wrong file; an Error when a plain password could be used from another machine
 */
export function configIn(environment: Environment): Config {
  const config = loadConfig(environment.configFile);
  const { httpHost, httpPublishedAt, sipHost } = environment;
  const reachedAt = httpPublishedAt ?? httpHost;
  const plain = plainSecrets(config);
  if (reachedAt !== null && !isLoopback(reachedAt) && plain.length > 0) {
    throw new Error(
      `${httpPublishedAt === null ? 'LIANDONG_HTTP_HOST' : 'LIANDONG_PUBLISH_HTTP'} is ${reachedAt}: ` +
        `plain passwords pass only on a loopback address; ${plain.join('; ')}`,
    );
  }
  return {
    ...config,
    http: { ...config.http, ...(httpHost === null ? {} : { host: httpHost }) },
    sip: { ...config.sip, ...(sipHost === null ? {} : { host: sipHost }) },
  };
}

/** The folder of diversion lists and codes: beside the configuration file, or those that come with Liandong; null: none. */
export function listsFolder({ configFile }: Pick<Environment, 'configFile'>): string | null {
  const folders = [join(dirname(configFile), 'lists'), resolve('config/lists')];
  return folders.find((one) => existsSync(one)) ?? null;
}

/** What stands readable in the file, and what it needs instead. */
function plainSecrets({ seats, people, sites, subscribers }: Config): string[] {
  const told = (what: string, names: readonly string[], needs: string): string[] =>
    names.length > 0 ? [`${what} ${names.join(', ')} need ${needs}`] : [];
  const plain = (all: readonly { readonly id: string; readonly password: string | null }[]) =>
    all
      .filter(({ password }) => password !== null && !isPasswordHash(password))
      .map(({ id }) => id);
  const hash = 'an $argon2id$ hash';
  return [
    ...told('seats', plain(seats), hash),
    ...told('people', plain(people), hash),
    ...told('sites', plain(sites), hash),
    ...told(
      'subscribers',
      subscribers.filter(({ fromEnvironment }) => !fromEnvironment).map(({ name }) => name),
      'their secret from {env: NAME}',
    ),
  ];
}

/** Secrets that must not be configured twice follow from the ARI password, which the switch and we share anyway. */
export const secretFor = (environment: Environment, what: string): string =>
  createHmac('sha256', environment.asterisk.password).update(what).digest('base64url');

/** The addresses of this machine beside loopback (IPv4). */
export const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address: own }) => own);

/** One address or several, after commas or spaces; LIANDONG_PUBLIC_WS then names as many in the same order. */
function asterisks(env: Variables): [AsteriskAt, ...AsteriskAt[]] {
  const example = 'http://user:password@127.0.0.1:8088';
  const shown = listed(env.LIANDONG_PUBLIC_WS);
  const given = listed(env.ASTERISK_URL).map((text, i): AsteriskAt => {
    const url = address({ ASTERISK_URL: text }, 'ASTERISK_URL', example);
    const base = `${url.protocol}//${url.host}`;
    return {
      url: base,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      webSocket: shown[i] ?? `${base.replace(/^http/, 'ws')}/ws`,
    };
  });
  const [first, ...others] = given;
  if (!first) throw new Error(`ASTERISK_URL must be an address such as ${example}; it is not set`);
  if (others.some(({ user, password }) => user !== first.user || password !== first.password)) {
    throw new Error('ASTERISK_URL: every Asterisk must have the same user and password');
  }
  if (shown.length > 0 && shown.length !== given.length) {
    throw new Error(`LIANDONG_PUBLIC_WS must name ${given.length} addresses, as ASTERISK_URL does`);
  }
  return [first, ...others];
}

const listed = (text = ''): string[] => text.split(/[\s,]+/).filter((one) => one !== '');

function nodeName(env: Variables): string {
  const text = env.LIANDONG_NODE ?? '';
  if (!/^[a-z0-9]{0,16}$/.test(text)) {
    throw new Error(`LIANDONG_NODE must be up to 16 small letters and digits, not ${text}`);
  }
  return text;
}

function address(env: Variables, name: string, example: string): URL {
  const text = env[name];
  if (text === undefined || !URL.canParse(text)) {
    throw new Error(
      `${name} must be an address such as ${example}${text === undefined ? '; it is not set' : ''}`,
    );
  }
  return new URL(text);
}

function port(env: Variables, name: string, otherwise: number): number {
  const value = Number(env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) {
    throw new Error(`${name} must be a port number, not ${env[name]}`);
  }
  return value;
}

function ip(env: Variables, name: string): string | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  if (isIP(text) === 0) throw new Error(`${name} must be an IP address, not ${text}`);
  return text;
}

const isLoopback = (text: string): boolean => text.startsWith('127.') || text === '::1';
