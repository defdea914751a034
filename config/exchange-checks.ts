import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { z } from 'zod';
import type { Surroundings } from './cross-checks.ts';
import type { exchange, Exchange } from './exchange.ts';
import { plain, type Page, type Path } from './page.ts';

/** Only for what has passed `checkExchange`. */
export function exchangeOf(
  page: Page,
  { key, peers, keepDays }: z.output<typeof exchange>,
  { textOf }: Surroundings,
): Exchange {
  return {
    key: key ? { id: key.id, pem: textOf(key.file) ?? '' } : null,
    keepDays,
    peers: page.named(['exchange', 'peers'], peers).map(([peerId, { keys, ...rest }]) => ({
      id: peerId,
      ...rest,
      keys: Object.entries(keys).map(([keyId, x]) => ({ id: keyId, x })),
    })),
  };
}

/** Each hotline is at one place, each key belongs to one deployment, and ours can be read. */
export function checkExchange(page: Page, { textOf }: Surroundings): void {
  const peers = page.names(['exchange', 'peers']);
  const own = checkOwnKey(page, peers.length > 0, textOf);
  const places = new Map(page.names(['hotlines']).map((one) => [one, 'hotlines']));
  const keys = new Map(own === undefined ? [] : [[own, 'exchange.key']]);
  for (const one of peers) {
    const path: Path = ['exchange', 'peers', one];
    if (one === page.text(['deployment', 'id'])) {
      const expected = plain('另一部署的标识', 'the id of another deployment');
      page.fault(path, expected, plain(`"${one}"`), true);
    }
    for (const { text: hotline, path: at } of page.texts([...path, 'hotlines'])) {
      mustBeNew(page, at, hotline, places, path.join('.'), [
        '只在一处的热线',
        'a hotline that is at one place only',
      ]);
    }
    for (const key of page.names([...path, 'keys'])) {
      const at = [...path, 'keys', key];
      mustBeNew(page, at, page.text(at) ?? '', keys, path.join('.'), [
        '只属于一方的公钥',
        'a public key that nobody else has',
      ]);
    }
  }
}

function mustBeNew(
  page: Page,
  at: Path,
  value: string,
  owners: Map<string, string>,
  owner: string,
  [zh, en]: readonly [string, string],
): void {
  const other = owners.get(value);
  if (other === undefined) owners.set(value, owner);
  else
    page.fault(
      at,
      plain(zh, en),
      plain(`"${value}"，${other} 已有`, `"${value}", which ${other} has`),
    );
}

/** @returns the public key of ours, if there is one that can be used */
function checkOwnKey(
  page: Page,
  wanted: boolean,
  textOf: Surroundings['textOf'],
): string | undefined {
  const file = page.text(['exchange', 'key', 'file']);
  if (file === undefined) {
    if (wanted && page.at(['exchange', 'key']) === undefined) {
      page.fault(['exchange', 'key'], plain('本方签名密钥 {id, file}', 'our own key {id, file}'));
    }
    return undefined;
  }
  try {
    const key = createPrivateKey(textOf(file) ?? '');
    if (key.asymmetricKeyType === 'ed25519')
      return createPublicKey(key).export({ format: 'jwk' }).x;
  } catch {
    // told below
  }
  page.fault(
    ['exchange', 'key', 'file'],
    plain(
      '可读的 Ed25519 私钥文件（openssl genpkey -algorithm ed25519）',
      'a file with an Ed25519 private key (openssl genpkey -algorithm ed25519)',
    ),
  );
  return undefined;
}
