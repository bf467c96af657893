import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ModelLoadError, OnnxSession, readSource } from '#onnx';
import type { Tensor } from '#tensor';
import { golden, testModel, testModelNames, writeLargeModel } from '../../../test/models/test-models.ts';

/** It asks for a locale, which is lent by the environment of a process; Jest has a copy. `test/cluster` asks it. */
const OF_A_LOCALE = 'sklearn-text';

const valid = (await testModelNames()).filter((name) => name !== OF_A_LOCALE);
const repository = await mkdtemp(join(tmpdir(), 'nestor-large-'));
let large: string;

beforeAll(async () => {
  large = await writeLargeModel(repository);
});
afterAll(() => rm(repository, { recursive: true }));

describe('every test model answers as its framework does', () => {
  test('there are models of every kind', () => {
    expect(valid.length).toBeGreaterThanOrEqual(30);
  });

  test.each(valid)('%s answers as its framework does', async (name) => {
    const expected = await golden(name);
    const version = name === 'two-versions' ? '2' : '1';
    const source = await readSource(name === 'large' ? large : testModel(name, version));
    const session = await OnnxSession.open(source, { intraOpThreads: 1 });
    try {
      const outputs = await session.run(expected.inputs);
      expect(Object.keys(outputs)).toEqual(Object.keys(expected.outputs));
      for (const [output, tensor] of Object.entries(outputs)) expectAgreement(tensor, expected.outputs[output]!);
    } finally {
      await session.close();
    }
  });
});

/** Numbers with a fraction within 1e-5 of the tensor's largest, or of themselves; all else exactly. */
function expectAgreement(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  if (expected.datatype !== 'FP32' && expected.datatype !== 'FP64') {
    expect(actual).toEqual(expected);
    return;
  }
  // Frameworks compute probabilities in FP64 where the model holds FP32.
  const wanted = Array.from(expected.data as Float64Array);
  const scale = Math.max(...wanted.filter(Number.isFinite).map(Math.abs), Number.MIN_VALUE);
  const apart = Array.from(actual.data as Float64Array).filter(
    (value, i) =>
      !Object.is(value, wanted[i]) && value !== wanted[i] && !(Math.abs(value - wanted[i]!) <= 1e-5 * scale),
  );
  expect(apart).toEqual([]);
}

describe('what cannot be served is refused, with the reason and what to do', () => {
  const REASONS: Record<string, RegExp> = {
    bf16: /datatype BF16.*Add a Cast to float32/,
    'custom-operator': /operator that ONNX Runtime \S+ does not have \(.*Frobnicate.*standard operators only/,
    empty: /the file is empty/,
    'future-ir': /IR version is 99.*up to \d+.*ir_version/,
    'future-opset': /opset 99.*opsets up to \d+.*Export it with an opset of/,
    int4: /datatype INT4.*Add a Cast to float32 \(of 4-bit integers, to int8\)/,
    'int4-operator': /operator Add works on tensor\(int4\).*does not compute with.*DequantizeLinear/,
    'lost-weights': /external data file.*could not be read.*beside the \.onnx file/,
    'missing-kernel': /no implementation of its operator Erf for these datatypes.*float32/,
    'not-onnx': /not a complete ONNX file/,
    'past-opset': /made for opset 6.*opset 7 and later.*convert_version/,
    'retired-operator': /operator Upsample is no longer one of opset 21.*version_converter/,
    'sequence-input': /input "x" is a sequence or a map.*every input is a tensor/,
    'sequence-output': /no tensor among its outputs \("y"\)/,
    truncated: /not a complete ONNX file.*Copy it again/,
    'weights-elsewhere': /weights are said to lie at "\.\.\/weights\.bin", outside its folder.*beside the \.onnx file/,
  };

  const open = async (path: string) => OnnxSession.open(await readSource(path), { intraOpThreads: 1 });

  test('every invalid model has a reason to expect', async () => {
    expect(await testModelNames('invalid')).toEqual(Object.keys(REASONS).sort());
  });

  test.each(Object.entries(REASONS))('%s', async (name, reason) => {
    const path = testModel(`invalid/${name}`);
    const refusal = await open(path).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ModelLoadError);
    expect((refusal as ModelLoadError).detail).toMatch(reason);
    expect((refusal as ModelLoadError).message).toBe(`${path}: ${(refusal as ModelLoadError).detail}`);
  });

  test.each([
    ['nowhere/model.onnx', /there is no such file/],
    [import.meta.dirname, /not a file/],
  ])('the path %s', async (path, reason) => {
    await expect(open(path)).rejects.toThrow(reason);
  });
});
