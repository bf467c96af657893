import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT, type ExitCode } from '../exit.ts';
import { modelAt, openModel } from '../models.ts';
import type { TypesOptions } from './command.ts';
import { typesOf } from './types-of.ts';

/** Writes a model's types, or checks that the existing file has them. */
export async function writeTypes(path: string, { out, check }: TypesOptions): Promise<ExitCode> {
  await modelAt(path);
  const { model, close } = await openModel(path);
  const text = typesOf(model);
  await close();
  const there = await readFile(out, 'utf8').catch(() => undefined);
  if (check === true) {
    if (there === text) return EXIT.ok;
    const wrong = there === undefined ? 'is missing' : `no longer fits ${path}`;
    process.stderr.write(`nestor: ${out} ${wrong}. Run: nestor types ${path} --out ${out}\n`);
    return EXIT.failure;
  }
  // A file that is up to date keeps its time, so that no build runs again.
  if (there !== text) {
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, text);
  }
  process.stdout.write(`${out}\n`);
  return EXIT.ok;
}
