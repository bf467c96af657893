import { NestorError } from '#errors';
import type { Signature, TensorSpec } from '#tensor';
import type { DeclaredFeature } from '../feature.ts';
import { resolveFeatures } from '../resolve-features.ts';
import { RowReader } from '../row-reader.ts';

export const input = (name: string, datatype: TensorSpec['datatype'], shape: number[]): TensorSpec => ({
  name,
  datatype,
  shape,
});

/** A reader of a model with these inputs. */
export function readerOf(
  declared: readonly DeclaredFeature[] | undefined,
  inputs: TensorSpec[],
  maxRows = 10,
): RowReader {
  const signature: Signature = { inputs, outputs: [] };
  return new RowReader(resolveFeatures(declared, signature), signature, { maxRows });
}

/** A model of one scalar feature `x`. */
export const scalar = (datatype: TensorSpec['datatype'], declared: Partial<DeclaredFeature> = {}): RowReader =>
  readerOf([{ name: 'x', ...declared }], [input('x', datatype, [-1, 1])]);

/** The error of the catalogue that reading ends in. */
export function thrownBy(read: () => unknown): NestorError {
  try {
    read();
  } catch (error) {
    if (error instanceof NestorError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** What is wrong with the rows, in sentences. */
export const problems = (read: () => unknown): string[] => {
  const error = thrownBy(read);
  if (error.code !== 'INVALID_ROWS') throw error;
  return error.errors.map(({ detail }) => detail);
};

/** A model of three features in one input. */
export const house = readerOf(
  [{ name: 'RM', seen: [3, 9] }, { name: 'TAX' }, { name: 'CHAS', type: 'integer' }],
  [input('x', 'FP32', [-1, 3])],
);
