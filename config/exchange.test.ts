import { generateKeyPairSync } from 'node:crypto';
import { changed, configOf, faultsOf, GOOD, surroundings } from '../tests/given/config.ts';

const pair = generateKeyPairSync('ed25519');
const pem = String(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
const own = String(pair.publicKey.export({ format: 'jwk' }).x);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const world = {
  ...surroundings,
  textOf: (file: string) =>
    ({ 'keys/own.pem': pem, 'rsa.pem': String(rsa.export({ format: 'pem', type: 'pkcs8' })) })[
      file
    ],
};
const x = (letter: string) => letter.repeat(43);

const WITH = changed(
  'seats:\n',
  `exchange:
  key: { id: k1, file: keys/own.pem }
  peers:
    police:
      name: { zh: 市局110, en: Police }
      url: https://110.example/liandong
      hotlines: ["1100", "1101"]
      keys: { old: ${x('A')}, new: ${x('B')} }
    county:
      name: { zh: 县12345, en: County }
      url: null
      hotlines: ["12346"]
      keys: { k1: ${x('C')} }
seats:
`,
);

test('peers, with our key read from its file', () => {
  expect(configOf(WITH, world).exchange).toEqual({
    key: { id: 'k1', pem },
    keepDays: 180,
    peers: [
      {
        id: 'police',
        name: { zh: '市局110', en: 'Police' },
        url: 'https://110.example/liandong',
        hotlines: ['1100', '1101'],
        keys: [
          { id: 'old', x: x('A') },
          { id: 'new', x: x('B') },
        ],
      },
      expect.objectContaining({ id: 'county', url: null }),
    ],
  });
});

test('without peers nothing is needed', () => {
  expect(configOf(GOOD).exchange).toEqual({ key: null, peers: [], keepDays: 180 });
});

test.each<[what: string, from: string, to: string, fault: string]>([
  [
    'no key',
    'key: { id: k1, file: keys/own.pem }',
    '',
    'exchange.key: expected our own key {id, file}, got nothing',
  ],
  [
    'a key that is not there',
    'keys/own.pem',
    'x.pem',
    'exchange.key.file: expected a file with an Ed25519 private key (openssl genpkey -algorithm ed25519), got "x.pem"',
  ],
  ['a key of another kind', 'keys/own.pem', 'rsa.pem', 'got "rsa.pem"'],
  [
    'ourselves',
    '    police:',
    '    nanjing:',
    'exchange.peers.nanjing: expected the id of another deployment, got "nanjing"',
  ],
  [
    'a hotline of ours',
    '"1101"',
    '"110"',
    'exchange.peers.police.hotlines[1]: expected a hotline that is at one place only, got "110", which hotlines has',
  ],
  ['a hotline at two', '"12346"', '"1100"', 'got "1100", which exchange.peers.police has'],
  [
    'a key of two',
    x('C'),
    x('A'),
    'exchange.peers.county.keys.k1: expected a public key that nobody else has',
  ],
  ['our own key as a peer’s', x('C'), own, 'which exchange.key has'],
  [
    'half a key',
    x('C'),
    'CC',
    'exchange.peers.county.keys.k1: expected an Ed25519 public key (x of its JWK, 43 characters), got "CC"',
  ],
  [
    'three keys',
    'old:',
    `older: ${x('D')}, old:`,
    'exchange.peers.police.keys: expected one public key, or two while they are changed',
  ],
  [
    'an unsafe address',
    'https://110',
    'http://110',
    'exchange.peers.police.url: expected an address with https:// (http:// on loopback only), or null',
  ],
  [
    'an unknown key word',
    'url: null',
    'url: null\n      pull: true',
    'exchange.peers.county.pull: expected one of: name, url, hotlines, keys, got "pull"',
  ],
])('%s is told with its place', (_what, from, to, fault) => {
  const faults = faultsOf(changed(from, to, WITH), world);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
  expect(faults[0]).not.toContain('PRIVATE');
});
