import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** An export, and what its framework answers to rows. */
export interface Case {
  readonly name: string;
  /** The model as its tool wrote it. */
  readonly file: string;
  readonly framework: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** The members of the answer of `/predict`, in the order of the model's outputs. */
  readonly answer: Readonly<Record<string, readonly unknown[]>>;
}

/** What make.py wrote. */
export function readCases(): readonly Case[] {
  const made = join(import.meta.dirname, '.made');
  const files = readdirSync(made).filter((name) => name.endsWith('.onnx'));
  return files.map((file) => {
    const name = basename(file, '.onnx');
    const said = JSON.parse(readFileSync(join(made, `${name}.json`), 'utf8')) as Omit<Case, 'name' | 'file'>;
    return { ...said, name, file: join(made, file) };
  });
}

/** A folder of the case's name that holds its model, and a manifest that says nothing. */
export function withEmptyManifest({ name, file }: Case): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'nestor-exports-')), name);
  mkdirSync(folder);
  copyFileSync(file, join(folder, 'model.onnx'));
  writeFileSync(join(folder, 'model.json'), '{}');
  return folder;
}
