import { expect, it } from '@jest/globals';
import { PredictionWriter, type PredictionOptions } from '#features';
import type { Datatype } from '#tensor';
import { answerColumns } from './answer-column.ts';

const FP32 = (name: string, shape: readonly number[]) => ({ name, datatype: 'FP32', shape }) as const;

function typeOf(datatype: Datatype, shape: readonly number[], options?: PredictionOptions, kind = 'independent') {
  const signature = { inputs: [FP32('x', [-1, 2])], outputs: [{ name: 'y', datatype, shape }] };
  const writer = new PredictionWriter(signature, options, kind !== 'none');
  return answerColumns({ writer, rows: { kind } } as Parameters<typeof answerColumns>[0])[0]!.element.type;
}

it('stores a value a row as such, and lists as text', () => {
  expect(typeOf('BOOL', [-1])).toBe('BOOLEAN');
  expect(typeOf('FP32', [-1, 1])).toBe('DOUBLE');
  expect(typeOf('INT64', [1, 1])).toBe('INT64');
  for (const datatype of ['BOOL', 'FP32', 'INT64'] as const) {
    for (const shape of [[-1, 1, 1], [-1, 3], [3], [-1, -1]]) expect(typeOf(datatype, shape)).toBe('BYTE_ARRAY');
    for (const shape of [[1], [-1], [1, 1]]) expect(typeOf(datatype, shape, {}, 'none')).toBe('BYTE_ARRAY');
  }
});

it('stores floats as such, whatever whole numbers are the labels', () => {
  const labelled = { outputs: { prediction: { from: 'y', labels: [0, 1] } } };
  expect(typeOf('FP32', [-1], labelled)).toBe('DOUBLE');
  expect(typeOf('INT64', [-1], labelled)).toBe('INT64');
});

it('stores the value of one class as such, and all of a second table as text', () => {
  const outputs = [{ name: 'y', datatype: 'INT64', shape: [-1] } as const, FP32('p', [-1, 2]), FP32('s', [-1, 2])];
  const said = { labels: ['a', 'b'], outputs: { prediction: 'y', probabilities: 'p', scores: 's' } };
  const writer = new PredictionWriter({ inputs: [FP32('x', [-1, 2])], outputs }, said);
  const columns = answerColumns({ writer, rows: { kind: 'independent' } } as Parameters<typeof answerColumns>[0]);
  expect(columns.map(({ column, element }) => [column, element.type])).toEqual([
    ['prediction', 'BYTE_ARRAY'],
    ['probability', 'DOUBLE'],
    ['score', 'BYTE_ARRAY'],
  ]);
});
