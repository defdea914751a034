import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { prepare } from './bring-up.ts';

const env = {
  LIANDONG_CONFIG: 'config/liandong.yaml',
  REDIS_URL: 'redis://127.0.0.1:6379',
  ASTERISK_URL: 'http://liandong:a-password@127.0.0.1:8088',
};
const HASH = '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$WxXPZ8y2pAnLGEKmlWCOrFbaMiuEOkz6';

/** Prepares with the shipped configuration, changed. */
async function prepared(change: (text: string) => string, more: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'liandong-bring-up-'));
  try {
    const text = await readFile(env.LIANDONG_CONFIG, 'utf8');
    await symlink(resolve('config/prompts'), join(folder, 'prompts'));
    const file = join(folder, 'liandong.yaml');
    await writeFile(file, change(text));
    return await prepare({ ...env, ...more, LIANDONG_CONFIG: file });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('everybody whose password is plain is told how to log in; a site that stands without a lease never does', async () => {
  const { logIns } = await prepare(env);
  expect(logIns.map(({ name, who }) => `${name}: ${who.zh}, ${who.en}`)).toEqual([
    '8001: 12345 座席 王芳, seat of 12345, 王芳',
    '8002: 12345 座席 李静, seat of 12345, 李静',
    '8101: 12345 座席 张敏, seat of 12345, 张敏',
    '9001: 110 座席 赵刚, seat of 110, 赵刚',
    '9002: 110 座席 孙磊, seat of 110, 孙磊',
    '9101: 110 座席 周强, seat of 110, 周强',
    'su01: 12345 座席 吴婷（suzhou）, seat of 12345 in suzhou, 吴婷',
    'su02: 12345 座席 郑洁（suzhou）, seat of 12345 in suzhou, 郑洁',
    'chen: 班长 陈明, manager, 陈明',
    'duty: 应急值守 冯磊, emergency staff, 冯磊',
    'suzhou: 职场 苏州职场, site, Suzhou',
    'hangzhou: 职场 杭州职场, site, Hangzhou',
  ]);
});

test('a hash is nothing to tell', async () => {
  const { logIns } = await prepared((text) =>
    text.replace('password: chen', `password: '${HASH}'`),
  );
  expect(logIns.map(({ name }) => name)).not.toContain('chen');
});

test('Asterisk is told which numbers are centres to practise with, and which trunks to ask', async () => {
  const { asteriskFiles } = await prepared((text) =>
    text.replace(
      'trunks:\n',
      `trunks:\n  carrier: { address: '192.0.2.1:5060', sources: [], ownNumber: '12345', qualifySeconds: 30 }\n`,
    ),
  );
  expect(asteriskFiles['extensions.conf']).toMatch(
    /exten => 057112345,1,Ringing\(\)\n(?: same => .*\n)* same => n,SendDTMF\(1\)/,
  );
  expect(asteriskFiles['pjsip.conf']).toContain(
    'contact=sip:192.0.2.1:5060\nqualify_frequency=30\n',
  );
});

test('a subscriber’s secret in the file passes on loopback only', async () => {
  const hashed = (text: string) =>
    text.replace(/password: [\w']+/g, `password: '${HASH}'`) +
    `\nsubscribers: [{ name: province, url: 'https://province.example', secret: in-the-file }]\n`;
  const open = { LIANDONG_HTTP_HOST: '0.0.0.0' };
  await expect(prepared(hashed, open)).rejects.toThrow(
    'on a loopback address; subscribers province need their secret from {env: NAME}',
  );
  expect((await prepared(hashed)).logIns).toEqual([]);
});
