import { fromJSON, type ServiceDefinition } from '@grpc/proto-loader';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InferTarget } from '#engine';
import { NestorError } from '#errors';
import { type Datatype, DATATYPES, DYNAMIC, type Tensor, type TensorData, type TensorSpec } from '#tensor';
import { decodeInferRequest } from './decode-infer.ts';
import descriptor from './descriptor.json' with { type: 'json' };
import { encodeInferResponse } from './encode-infer.ts';
import { readInferMessage } from './infer-message.ts';
import { SERVICE } from './interface.ts';

/** PROPERTY_RUNS=100000 makes the check thorough. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000);
const LONG = 600_000;

/** The reference for Nestor's codec: other clients' stubs are made with this package. */
const service = fromJSON(descriptor as never, { longs: String, enums: String, defaults: true })[SERVICE];
const { requestSerialize, responseDeserialize } = (service as ServiceDefinition)['ModelInfer']!;

const FIELDS: Readonly<Record<Exclude<Datatype, 'FP16'>, string>> = {
  BOOL: 'bool_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

const filled =
  <E>(element: fc.Arbitrary<E>, from: (elements: E[]) => TensorData) =>
  (length: number): fc.Arbitrary<TensorData> =>
    fc.array(element, { minLength: length, maxLength: length }).map(from);

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));

const DATA: Readonly<Record<Datatype, (length: number) => fc.Arbitrary<TensorData>>> = {
  BOOL: filled(fc.nat(1), (elements) => Uint8Array.from(elements)),
  UINT8: filled(fc.nat(0xff), (elements) => Uint8Array.from(elements)),
  UINT16: filled(fc.nat(0xffff), (elements) => Uint16Array.from(elements)),
  UINT32: filled(fc.nat(0xffff_ffff), (elements) => Uint32Array.from(elements)),
  UINT64: filled(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (elements) => BigUint64Array.from(elements)),
  INT8: filled(fc.integer({ min: -128, max: 127 }), (elements) => Int8Array.from(elements)),
  INT16: filled(fc.integer({ min: -0x8000, max: 0x7fff }), (elements) => Int16Array.from(elements)),
  INT32: filled(fc.integer(), (elements) => Int32Array.from(elements)),
  INT64: filled(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (elements) => BigInt64Array.from(elements)),
  FP16: filled(fc.nat(0xffff), (elements) => Uint16Array.from(elements)),
  FP32: filled(fc.float(), (elements) => Float32Array.from(elements)),
  FP64: filled(fc.double(), (elements) => Float64Array.from(elements)),
  BYTES: filled(text, (elements) => elements),
};

interface Case {
  readonly target: InferTarget;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly raw: boolean;
}

/** One to three tensors of any datatype, and a model that returns its inputs. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    rows: fc.integer({ min: 1, max: 4 }),
    datatypes: fc.array(fc.constantFrom(...DATATYPES), { minLength: 1, maxLength: 3 }),
    raw: fc.boolean(),
  })
  .chain(({ rows, datatypes, raw }) =>
    fc
      .tuple(
        ...datatypes.map((datatype) =>
          fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }).chain((inner) => {
            const shape = [rows, ...inner];
            return DATA[datatype](shape.reduce((a, b) => a * b)).map((data) => ({ datatype, shape, data }));
          }),
        ),
      )
      .map((list) => {
        const tensors = Object.fromEntries(list.map((tensor, at) => [`t${at}`, tensor]));
        const specs = Object.entries(tensors).map(([name, { datatype, shape }]): TensorSpec => ({
          name,
          datatype,
          shape: shape.with(0, DYNAMIC),
        }));
        const target = { signature: { inputs: specs, outputs: specs }, hasRows: true, oneAtATime: false, maxRows: 100 };
        return { target, tensors, raw: raw || datatypes.includes('FP16') };
      }),
  );

const bytesOf = ({ datatype, data }: Tensor): Buffer => {
  if (datatype !== 'BYTES') {
    const { buffer, byteOffset, byteLength } = data as Uint8Array;
    return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  }
  return Buffer.concat(
    (data as string[]).flatMap((element) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(element));
      return [length, Buffer.from(element)];
    }),
  );
};

const contentsOf = ({ datatype, data }: Tensor): object => {
  const elements = Array.from<unknown>(data as never);
  const asText = datatype === 'INT64' || datatype === 'UINT64';
  const sent = elements.map((element) =>
    datatype === 'BYTES'
      ? Buffer.from(element as string)
      : datatype === 'BOOL'
        ? element === 1
        : asText
          ? String(element)
          : element,
  );
  return { [FIELDS[datatype as Exclude<Datatype, 'FP16'>]]: sent };
};

const messageOf = ({ tensors, raw }: Case): Buffer =>
  requestSerialize({
    model_name: 'any',
    id: 'id',
    parameters: { timeout: { int64_param: 1000 }, other: { double_param: 0.5 } },
    inputs: Object.entries(tensors).map(([name, tensor]) => ({
      name,
      datatype: tensor.datatype,
      shape: tensor.shape,
      ...(raw ? {} : { contents: contentsOf(tensor) }),
    })),
    raw_input_contents: raw ? Object.values(tensors).map(bytesOf) : [],
  });

const decode = (bytes: Buffer, target: InferTarget) => decodeInferRequest(readInferMessage(bytes), target);
const answerer = { name: 'any', version: '1', hasRows: true, labels: undefined };

describe('the codec', () => {
  it(
    'reads every tensor as it was sent, raw or typed, wherever the message lies in memory',
    () => {
      fc.assert(
        fc.property(cases, fc.nat(9), (one, offset) => {
          const message = messageOf(one);
          const bytes = Buffer.concat([Buffer.alloc(offset), message]).subarray(offset);
          const { inputs, rows, id, timeoutMs, outputs } = decode(bytes, one.target);
          expect(inputs).toEqual(one.tensors);
          expect({ rows, id, timeoutMs }).toEqual({ rows: one.tensors['t0']!.shape[0], id: 'id', timeoutMs: 1 });
          expect(outputs.every(({ binary }) => binary === one.raw)).toBe(true);
        }),
        { numRuns: RUNS },
      );
    },
    LONG,
  );

  it(
    'writes answers that other packages read as they were',
    () => {
      fc.assert(
        fc.property(cases, ({ tensors, raw }) => {
          const outputs = Object.keys(tensors).map((name) => ({ name, binary: raw, classification: 0 }));
          const answer: any = responseDeserialize(encodeInferResponse({ id: 'id', outputs }, tensors, answerer));
          expect(answer).toMatchObject({ model_name: 'any', model_version: '1', id: 'id' });
          Object.entries(tensors).forEach(([name, tensor], at) => {
            const { shape, datatype } = tensor;
            expect(answer.outputs[at]).toMatchObject({ name, datatype, shape: shape.map(String) });
            if (raw) expect(answer.raw_output_contents[at]).toEqual(bytesOf(tensor));
            else expect(answer.outputs[at].contents).toMatchObject(contentsOf(tensor));
          });
        }),
        { numRuns: RUNS },
      );
    },
    LONG,
  );

  it(
    'throws nothing but errors of the catalogue, whatever the bytes are',
    () => {
      const mutation = fc.record({ at: fc.nat(), byte: fc.nat(0xff), kind: fc.constantFrom('set', 'cut', 'insert') });
      const mutated = fc
        .tuple(cases, fc.array(mutation, { minLength: 1, maxLength: 4 }))
        .map(([one, mutations]) => ({ target: one.target, bytes: mutations.reduce(mutate, messageOf(one)) }));
      const anything = fc
        .tuple(cases, fc.uint8Array({ maxLength: 200 }))
        .map(([one, bytes]) => ({ target: one.target, bytes: Buffer.from(bytes) }));
      fc.assert(
        fc.property(fc.oneof(mutated, anything), ({ target, bytes }) => {
          try {
            decode(bytes, target);
          } catch (error) {
            if (!(error instanceof NestorError)) throw error;
            expect(error.entry.status).toBeLessThan(500);
            expect(error.message.isWellFormed()).toBe(true);
          }
        }),
        { numRuns: RUNS },
      );
    },
    LONG,
  );
});

function mutate(bytes: Buffer, { at, byte, kind }: { at: number; byte: number; kind: string }): Buffer {
  const index = at % (bytes.length + 1);
  if (kind === 'cut') return bytes.subarray(0, index);
  const rest = bytes.subarray(kind === 'set' ? index + 1 : index);
  return Buffer.concat([bytes.subarray(0, index), Buffer.from([byte]), rest]);
}
