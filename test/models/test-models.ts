import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allocate, elementCount, type Datatype, type Tensor, type TensorData, type Tensors } from '#tensor';

const HERE = import.meta.dirname;

/** The answers that a model's framework gives: see README.md for the form of the file. */
export interface Golden {
  readonly framework: string;
  readonly inputs: Tensors;
  readonly outputs: Tensors;
  readonly records?: readonly Record<string, unknown>[];
  readonly prediction?: readonly unknown[];
  readonly probabilities?: readonly Record<string, number>[];
}

/** The file of a test model; `name` may be one of `invalid/`. */
export function testModel(name: string, version = '1'): string {
  return join(HERE, name, version, 'model.onnx');
}

/** The models in a folder beside this file: the valid ones, or those in `invalid`. */
export async function testModelNames(folder = '.'): Promise<string[]> {
  const names = await readdir(join(HERE, folder));
  return names.filter((name) => existsSync(testModel(join(folder, name)))).sort();
}

export async function golden(name: string): Promise<Golden> {
  const read = JSON.parse(await readFile(join(HERE, name, 'golden.json'), 'utf8')) as GoldenFile;
  return { ...read, inputs: readTensors(read.inputs), outputs: readTensors(read.outputs) };
}

/**
 * Copies `large` into a repository, with the 5 MiB of weights that are not committed.
 * @returns the path of its model file
 */
export async function writeLargeModel(repository: string, version = '1'): Promise<string> {
  const path = join(repository, 'large', version, 'model.onnx');
  await mkdir(dirname(path), { recursive: true });
  await copyFile(testModel('large'), path);
  await copyFile(join(HERE, 'large', 'model.json'), join(repository, 'large', 'model.json'));
  const table = Float32Array.from({ length: 1024 * 1280 }, (_, i) => ((i * 7919) % 65536) / 65536);
  await writeFile(join(dirname(path), 'weights.bin'), table);
  return path;
}

interface GoldenTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data?: readonly (number | string | boolean)[];
  readonly fill?: { readonly factor: number; readonly offset: number };
}

interface GoldenFile extends Omit<Golden, 'inputs' | 'outputs'> {
  readonly inputs: readonly GoldenTensor[];
  readonly outputs: readonly GoldenTensor[];
}

function readTensors(tensors: readonly GoldenTensor[]): Tensors {
  return Object.fromEntries(tensors.map((tensor) => [tensor.name, readTensor(tensor)]));
}

function readTensor({ datatype, shape, data, fill }: GoldenTensor): Tensor {
  const storage: TensorData = allocate(datatype, elementCount(shape));
  if (fill) {
    for (let i = 0; i < storage.length; i++) storage[i] = ((i * fill.factor + fill.offset) % 251) / 256;
  } else {
    const convert = { INT64: BigInt, UINT64: BigInt, BYTES: String }[datatype as string] ?? Number;
    data!.forEach((value, i) => (storage[i] = convert(value)));
  }
  return { datatype, shape, data: storage };
}
