import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NET, PREPROCESSING } from '../forms/picture.ts';
import type { Preprocessing } from '../servers/read-picture.ts';

/** The description of an image model for every server. */
export interface Model {
  readonly file: string;
  /** The names of its tensors. */
  readonly input: string;
  readonly output: string;
  /** The block of Nestor's manifest. With `centre`, pictures are drawings in dark ink. */
  readonly image: Preprocessing & { readonly centre?: boolean };
}

export type ModelId = 'digits' | 'net';

const DIGITS = 'models/digits';
const { image } = JSON.parse(readFileSync(join(DIGITS, 'model.json'), 'utf8')) as Pick<Model, 'image'>;

/**
 * This repository's digits, and a network that is as small for its pictures as a MobileNet: an eighth as wide as
 * ResNet-18.
 */
export const MODELS: Readonly<Record<ModelId, Model>> = {
  digits: { file: join(DIGITS, '1/model.onnx'), input: 'image', output: 'probabilities', image },
  net: { file: NET, input: 'image', output: 'scores', image: PREPROCESSING },
};

/** A folder with both for Nestor. */
export function modelsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  cpSync(DIGITS, join(folder, 'digits'), { recursive: true });
  mkdirSync(join(folder, 'net', '1'), { recursive: true });
  cpSync(NET, join(folder, 'net', '1', 'model.onnx'));
  writeFileSync(join(folder, 'net', 'model.json'), JSON.stringify({ image: PREPROCESSING }));
  return folder;
}
