import { transform } from '@swc/core';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const folders = ['kernel', 'telephony', 'routing', 'tickets', 'config', 'server'];

let made: Promise<string> | undefined;

/** Where the server lies as JavaScript, as `make build` makes it but in a second; made once a test file. */
export function compiled(): Promise<string> {
  return (made ??= compile());
}

/** Takes it away again. */
export async function compiledNoMore(): Promise<void> {
  if (made) await rm(await made, { recursive: true, force: true });
  made = undefined;
}

async function compile(): Promise<string> {
  const home = resolve('.');
  const out = await mkdtemp(join(tmpdir(), 'liandong-compiled-'));
  await symlink(join(home, 'node_modules'), join(out, 'node_modules'));
  await writeFile(join(out, 'package.json'), '{"type":"module"}');
  const all = await Promise.all(
    folders.map((folder) => readdir(join(home, folder), { recursive: true, withFileTypes: true })),
  );
  const files = all
    .flat()
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => relative(home, join(parentPath, name)));
  await Promise.all(files.map((file) => compileOne(home, out, file)));
  return out;
}

async function compileOne(home: string, out: string, file: string): Promise<void> {
  const { code } = await transform(await readFile(join(home, file), 'utf8'), {
    filename: file,
    swcrc: false,
    configFile: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript' },
      transform: { verbatimModuleSyntax: true },
    },
    module: { type: 'es6' },
  });
  const target = join(out, file.replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, code.replace(/(['"]\.{1,2}\/[^'"\n]+)\.ts(['"])/g, '$1.js$2'));
}
