import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigErrors } from '../config/faults.ts';
import { prepare } from './bring-up.ts';
import { readEnvironment, type Environment } from './environment.ts';

/*
 * Writes Asterisk's files into a folder, for an Asterisk that somebody else starts (containers):
 * `node dist/server/write-asterisk-files.js FOLDER`, with the environment of server/main.ts.
 */

/** Asterisk's files for a container: what `prepare` says, and how the container is reached. */
export async function containerFiles(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const { asteriskFiles } = await prepare(env);
  const files = { ...asteriskFiles };
  for (const [name, text] of Object.entries(added(readEnvironment(env)))) {
    files[name] = `${files[name] ?? ''}\n${text}`;
  }
  return files;
}

function added({ externalAddress, httpPublishedAt, sipHost }: Environment): Record<string, string> {
  const sections: Record<string, string> = {
    'logger.conf': goesOn('logfiles', '/dev/stdout => notice,warning,error'),
  };
  if (sipHost === null) return sections;
  if (externalAddress !== null) {
    const outside = [
      `external_media_address=${externalAddress}`,
      `external_signaling_address=${externalAddress}`,
      // Everybody but Asterisk itself is told the external one.
      `local_net=${sipHost}/32`,
    ];
    sections['pjsip.conf'] = goesOn('udp', ...outside) + goesOn('tcp', ...outside);
  }
  // A browser on this machine may have no way into the containers' network but the published ports.
  const offered = externalAddress ?? (httpPublishedAt?.startsWith('127.') ? httpPublishedAt : null);
  if (offered !== null && offered !== sipHost) {
    sections['rtp.conf'] = goesOn(
      'ice_host_candidates',
      `${sipHost} => ${offered},include_local_address`,
    );
  }
  return sections;
}

/** `(+)`: Asterisk adds the lines to the section of that name. */
const goesOn = (name: string, ...lines: string[]): string =>
  [`[${name}](+)`, ...lines, ''].join('\n');

async function write(folder: string): Promise<void> {
  const files = await containerFiles(process.env);
  await mkdir(folder, { recursive: true });
  // pjsip.conf last: Asterisk's container waits for it.
  const names = Object.keys(files).sort(
    (a, b) => Number(a === 'pjsip.conf') - Number(b === 'pjsip.conf'),
  );
  for (const name of names) {
    const half = join(folder, `.${name}`);
    await writeFile(half, files[name] ?? '', { mode: 0o600 });
    await rename(half, join(folder, name));
  }
  console.log(`${names.length} files of Asterisk are in ${folder}`);
}

async function main(folder: string | undefined): Promise<void> {
  try {
    if (!folder) throw new Error('which folder? write-asterisk-files FOLDER');
    await write(folder);
  } catch (error) {
    if (error instanceof ConfigErrors) console.error(`${error.words.zh}\n${error.words.en}`);
    else console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) void main(process.argv[2]);
