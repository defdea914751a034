// Plain JavaScript: this runs before anything is installed. Brings the npm packages of the lock file
// when node_modules does not hold them. Two at once wait for each other.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('..', import.meta.url));
process.chdir(home);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node 20.19 or newer is needed, this is ${process.versions.node}. / 需要 Node 20.19 以上。`,
  );
  process.exit(1);
}

if (!installed()) {
  if (process.argv[2] === 'locked') bring();
  else {
    const self = fileURLToPath(import.meta.url);
    const { status } = spawnSync('flock', ['package-lock.json', process.execPath, self, 'locked'], {
      stdio: 'inherit',
    });
    process.exit(status ?? 1);
  }
}

function bring() {
  const began = Date.now();
  console.error('… npm packages of package-lock.json');
  const { status } = spawnSync(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) {
    console.error(
      'npm ci failed: is there a network and a package registry? / npm ci 失败：请检查网络与软件源。',
    );
    process.exit(status ?? 1);
  }
  console.error(`✓ npm packages (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

/** Whether npm's own record of node_modules agrees with the lock file. */
function installed() {
  if (!existsSync('node_modules/.package-lock.json')) return false;
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const there = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
  return Object.entries(wanted).every(([name, { version, integrity, optional, peer }]) => {
    if (name === '') return true;
    const held = there[name];
    if (!held) return Boolean(optional || peer);
    return held.version === version && held.integrity === integrity;
  });
}
