import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InferTarget } from '#engine';
import { NestorError } from '#errors';
import {
  allocate,
  type Datatype,
  DATATYPES,
  DYNAMIC,
  elementCount,
  fp16View,
  type Tensor,
  type TensorData,
  type TensorSpec,
} from '#tensor';
import { decodeInferRequest } from './decode-request.ts';
import { encodeInferResponse } from './encode-response.ts';

/** PROPERTY_RUNS=100000 makes the check thorough. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000);
const LONG = 600_000;

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
const bits16 = fc.integer({ min: 0, max: 0xffff });
const finiteBits16 = bits16.filter((bits) => Number.isFinite(fp16View(new Uint16Array([bits]))[0]!));

/** Elements as in memory: those that JSON can express, and for floats also NaN and infinities. */
const ELEMENTS: Record<Datatype, { finite: fc.Arbitrary<unknown>; any?: fc.Arbitrary<unknown> }> = {
  BOOL: { finite: fc.nat(1) },
  UINT8: { finite: fc.nat(0xff) },
  UINT16: { finite: fc.nat(0xffff) },
  UINT32: { finite: fc.nat(0xffff_ffff) },
  UINT64: { finite: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  INT8: { finite: fc.integer({ min: -0x80, max: 0x7f }) },
  INT16: { finite: fc.integer({ min: -0x8000, max: 0x7fff }) },
  INT32: { finite: fc.integer() },
  INT64: { finite: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  FP16: { finite: finiteBits16.filter((bits) => bits !== 0x8000), any: bits16 },
  FP32: {
    finite: fc.float({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    any: fc.float(),
  },
  FP64: {
    finite: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    any: fc.double(),
  },
  BYTES: { finite: text },
};

const shapes = fc.array(fc.nat(4), { maxLength: 4 });

function tensors(values: 'finite' | 'any'): fc.Arbitrary<Tensor> {
  return fc.tuple(fc.constantFrom(...DATATYPES), shapes).chain(([datatype, shape]) => {
    const count = elementCount(shape);
    const { finite, any = finite } = ELEMENTS[datatype];
    return fc.array(values === 'finite' ? finite : any, { minLength: count, maxLength: count }).map((elements) => {
      const data = allocate(datatype, count);
      elements.forEach((element, at) => ((data as unknown[])[at] = element));
      return { datatype, shape, data };
    });
  });
}

/** A model that takes tensors of these shapes, some of whose dimensions are dynamic. */
function modelOf(specs: readonly TensorSpec[]): InferTarget {
  return { signature: { inputs: specs, outputs: specs }, hasRows: false, oneAtATime: false, maxRows: 1 };
}

const specsOf = (list: readonly Tensor[], dynamic: readonly boolean[]): TensorSpec[] =>
  list.map(({ datatype, shape }, at) => ({
    name: `tensor ${at}`,
    datatype,
    shape: shape.map((size, axis) => (dynamic[axis % Math.max(1, dynamic.length)] === true ? DYNAMIC : size)),
  }));

/** Encodes a response and decodes it as a request, which differs in one key. */
function roundTrip(list: readonly Tensor[], dynamic: readonly boolean[], forms: readonly boolean[]): readonly Tensor[] {
  const specs = specsOf(list, dynamic);
  const named = Object.fromEntries(list.map((tensor, at) => [`tensor ${at}`, tensor]));
  const outputs = specs.map(({ name }, at) => ({ name, binary: forms[at % forms.length] ?? false, classification: 0 }));
  const request = { id: undefined, timeoutMs: undefined, inputs: {}, rows: 1, outputs };
  const { json, binary } = encodeInferResponse(request, named, {
    name: 'm',
    version: '1',
    hasRows: false,
    labels: undefined,
  });
  const header = Buffer.from(json.replace('"outputs":', '"inputs":'));
  const { inputs } = decodeInferRequest(Buffer.concat([header, ...binary]), header.length, modelOf(specs));
  return specs.map(({ name }) => inputs[name]!);
}

/** Ignores NaN's payload, which JavaScript does not keep. */
const bytesOf = (data: TensorData): unknown =>
  Array.isArray(data) ? data : [...(data as unknown as Iterable<unknown>)];

describe('encode, then decode', () => {
  it(
    'gives back every tensor through JSON',
    () => {
      const list = fc.array(tensors('finite'), { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(list, fc.array(fc.boolean(), { maxLength: 4 }), (given, dynamic) => {
          expect(roundTrip(given, dynamic, [false])).toEqual(given);
        }),
        { numRuns: RUNS },
      );
    },
    LONG,
  );

  it(
    'gives back every tensor through bytes, in any mixture with JSON where JSON can hold it',
    () => {
      const list = fc.array(tensors('any'), { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(
          list,
          fc.array(fc.boolean(), { maxLength: 4 }),
          fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
          (given, dynamic, forms) => {
            const read = roundTrip(
              given,
              dynamic,
              given.map((tensor, at) => (forms[at % forms.length] ?? true) || !isFinite(tensor)),
            );
            read.forEach((tensor, at) => {
              expect(tensor.shape).toEqual(given[at]!.shape);
              expect(bytesOf(tensor.data)).toEqual(bytesOf(given[at]!.data));
            });
          },
        ),
        { numRuns: RUNS },
      );
    },
    LONG,
  );
});

function isFinite({ datatype, data }: Tensor): boolean {
  if (datatype === 'FP16')
    return [...(data as Uint16Array)].every(
      (bits) => bits !== 0x8000 && Number.isFinite(fp16View(new Uint16Array([bits]))[0]!),
    );
  if (datatype !== 'FP32' && datatype !== 'FP64') return true;
  return [...(data as Float64Array)].every((value) => Number.isFinite(value) && !Object.is(value, -0));
}

/** JSON that resembles a request: the right keys with arbitrary values. */
const nearlyJson = (() => {
  const scalar = fc.oneof(
    fc.constantFrom(
      '1',
      '-1',
      '0',
      '1e400',
      '1e39',
      '9223372036854775808',
      '-9007199254740993',
      'true',
      'null',
      '"a"',
      '0.5',
      '{}',
      '[]',
    ),
    fc.json({ maxDepth: 2 }),
  );
  const lists = fc
    .oneof(
      fc.array(scalar, { maxLength: 4 }),
      fc.array(
        fc.array(scalar, { maxLength: 3 }).map((list) => `[${list.join()}]`),
        { maxLength: 3 },
      ),
    )
    .map((list) => `[${list.join()}]`);
  const value = fc.oneof({ weight: 3, arbitrary: lists }, { weight: 1, arbitrary: scalar });
  const member = (key: string, arbitrary: fc.Arbitrary<string>) =>
    fc.option(arbitrary, { freq: 8 }).map((chosen) => (chosen === null ? '' : `"${key}":${chosen}`));
  const object = (...members: fc.Arbitrary<string>[]) =>
    fc.tuple(...members).map((list) => `{${list.filter((one) => one !== '').join()}}`);
  const size = fc.oneof(fc.nat(20).map(String), scalar);
  const parameters = fc.oneof(
    scalar,
    object(member('binary_data_size', size)),
    object(member('binary_data', scalar), member('classification', size)),
    object(member('timeout', size), member('priority', size), member('binary_data_output', scalar)),
  );
  const name = fc.constantFrom('"x"', '"y"', '"z"', '1');
  const datatype = fc.constantFrom(...DATATYPES, 'BF16', '').map((type) => `"${type}"`);
  const shape = fc.oneof(
    fc.array(fc.nat(3), { maxLength: 3 }).map((list) => `[${list.join()}]`),
    value,
  );
  const tensor = object(
    member('name', name),
    member('datatype', datatype),
    member('shape', shape),
    member('parameters', fc.option(parameters, { freq: 1 }).map(String)),
    member('data', value),
  );
  const tensorList = fc.oneof(
    { weight: 9, arbitrary: fc.array(tensor, { maxLength: 3 }).map((list) => `[${list.join()}]`) },
    { weight: 1, arbitrary: value },
  );
  return object(
    member('id', scalar),
    member('parameters', fc.option(parameters, { freq: 1 }).map(String)),
    member('inputs', tensorList),
    member('outputs', tensorList),
  );
})();

const models = fc
  .array(
    fc.record({
      name: fc.constantFrom('x', 'y'),
      datatype: fc.constantFrom(...DATATYPES),
      shape: fc.array(fc.constantFrom(DYNAMIC, DYNAMIC, 1, 2), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 2 },
  )
  .chain((specs) =>
    fc.record({
      signature: fc.constant({ inputs: specs, outputs: specs }),
      hasRows: fc.boolean(),
      oneAtATime: fc.boolean(),
      maxRows: fc.constantFrom(1, 100),
    }),
  );

const NO_TENSORS = { signature: { inputs: [], outputs: [] }, hasRows: false, oneAtATime: false, maxRows: 1 as const };

const bodies = fc.oneof(
  fc.tuple(nearlyJson, fc.uint8Array({ maxLength: 40 })).map(([json, bytes]) => ({
    body: Buffer.concat([Buffer.from(json), bytes]),
    jsonLength: Buffer.byteLength(json),
  })),
  nearlyJson.map((json) => ({ body: Buffer.from(json), jsonLength: undefined })),
  fc.record({
    body: fc
      .oneof(
        fc.uint8Array({ maxLength: 64 }),
        fc.json().map((json) => Buffer.from(json)),
      )
      .map((bytes) => Buffer.from(bytes)),
    jsonLength: fc.option(fc.nat(70), { nil: undefined }),
  }),
);

describe('decode', () => {
  it(
    "reads any bytes or throws an error of the catalogue that is the caller's fault",
    () => {
      let read = 0;
      fc.assert(
        fc.property(bodies, models, ({ body, jsonLength }, model) => {
          try {
            const { inputs } = decodeInferRequest(body, jsonLength, model);
            read += 1;
            for (const { shape, data } of Object.values(inputs)) expect(data).toHaveLength(elementCount(shape));
          } catch (error) {
            if (!(error instanceof NestorError) || error.entry.status >= 500) throw error;
          }
        }),
        // The example is valid; all of the random requests may be invalid.
        { numRuns: RUNS, examples: [[{ body: Buffer.from('{"inputs":[]}'), jsonLength: undefined }, NO_TENSORS]] },
      );
      // Otherwise a decoder that rejects everything would pass.
      expect(read).toBeGreaterThan(0);
    },
    LONG,
  );
});
