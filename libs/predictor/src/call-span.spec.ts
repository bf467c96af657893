import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { connect } from '#client';
import { openModel, type OpenedModel } from '#engine';
import { sharedServer } from '../../../test/serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

let housing: OpenedModel;
beforeAll(async () => {
  provider.register();
  housing = await openModel('models/housing');
});
beforeEach(() => exporter.reset());
afterAll(async () => {
  await housing.close();
  await provider.shutdown();
});

/** All that was exported, without what the SDK knows by itself. */
const spans = () =>
  exporter.getFinishedSpans().map(({ name, kind, attributes, status }) => ({ name, kind, attributes, status }));

it('is a span below the active one, with the model and the version that answered', async () => {
  await trace.getTracer('host').startActiveSpan('GET /price', async (request) => {
    await housing.predict([HOUSE, HOUSE]);
    request.end();
  });
  const [call, request] = exporter.getFinishedSpans();
  expect(call!.parentSpanContext).toEqual(request!.spanContext());
  expect(spans()[0]).toEqual({
    name: 'predict housing',
    kind: SpanKind.INTERNAL,
    attributes: { 'nestor.model.name': 'housing', 'nestor.model.version': '1', 'nestor.rows': 2 },
    status: { code: SpanStatusCode.UNSET },
  });
});

it('has the code of an error and what it means, but no value of a row', async () => {
  await expect(housing.predict({ ...HOUSE, RM: 'six' })).rejects.toMatchObject({ code: 'INVALID_ROWS' });
  await expect(housing.run({})).rejects.toMatchObject({ code: 'INVALID_TENSOR' });
  expect(spans()).toEqual([
    expect.objectContaining({
      attributes: expect.objectContaining({ 'error.type': 'INVALID_ROWS' }),
      status: { code: SpanStatusCode.ERROR, message: 'Some values are not what the model takes.' },
    }),
    expect.objectContaining({
      name: 'run housing',
      attributes: expect.objectContaining({ 'error.type': 'INVALID_TENSOR' }),
    }),
  ]);
});

it('names the server where the model runs there', async () => {
  const { url } = await sharedServer();
  const remote = connect(url).predictor('housing');
  await remote.predict(HOUSE);
  await remote.run({ features: { datatype: 'FP32', shape: [1, 6], data: new Float32Array(6) } });
  const server = { 'server.address': 'localhost', 'server.port': Number(new URL(url).port) };
  const model = { 'nestor.model.name': 'housing', 'nestor.model.version': '1' };
  expect(spans()).toEqual([
    expect.objectContaining({ kind: SpanKind.CLIENT, attributes: { ...server, ...model, 'nestor.rows': 1 } }),
    expect.objectContaining({ kind: SpanKind.CLIENT, attributes: { ...server, ...model } }),
  ]);
});
