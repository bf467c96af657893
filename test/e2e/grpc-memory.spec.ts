import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GrpcServer } from '../../apps/server/src/open-inference/grpc/grpc-server.ts';
import { clientOf, methodOf, SERVICE } from '../grpc.ts';
import { get, serve, type Served, until } from '../serve.ts';

const MIB = 2 ** 20;
const CLIENTS = 64;
const MESSAGE_BYTES = 15 * MIB;
/** Memory for three messages of 4 MiB. */
const SCARCE = { MAX_INFLIGHT_BYTES: String(32 * MIB) };

const tensor = (elements: number): Buffer =>
  Buffer.from(
    methodOf('ModelInfer').requestSerialize({
      model_name: 'identity-fp32',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [elements / 2, 2] }],
      raw_input_contents: [Buffer.alloc(4 * elements)],
    }),
  );

/** What stands before a message. */
function prefix(bytes: number, compressed = false): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed ? 1 : 0);
  head.writeUInt32BE(bytes, 1);
  return head;
}

/** A caller that sends what it is told to, on a connection of its own. */
class Caller {
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  /** Headers and trailers of the answer. */
  readonly answer: Record<string, unknown> = {};

  constructor({ app }: Served, method: string) {
    const { address } = app.get(GrpcServer, { strict: false });
    this.session = connect(`http://${address}`).on('error', () => {});
    const head = { 'content-type': 'application/grpc', te: 'trailers' };
    this.stream = this.session.request({ ':method': 'POST', ':path': `/${SERVICE}/${method}`, ...head });
    this.stream.on('response', (headers) => Object.assign(this.answer, headers));
    this.stream.on('trailers', (trailers) => Object.assign(this.answer, trailers));
    this.stream.on('error', () => {}).resume();
  }

  get status(): number | undefined {
    const value = this.answer['grpc-status'];
    return value === undefined ? undefined : Number(value);
  }
}

describe('the memory of gRPC messages', () => {
  let served: Served;
  let callers: Caller[];
  beforeEach(() => {
    callers = [];
  });
  afterEach(() => {
    for (const { session } of callers) session.destroy();
  });

  const start = async (env: Record<string, string> = {}): Promise<void> => {
    const common = { MODELS: 'test/models/identity-fp32', MAX_ROWS: '10000000', MAX_INFLIGHT_BYTES: String(128 * MIB) };
    served = await serve({ ...common, ...env });
  };
  const call = (method: string, bytes: Buffer): Caller => {
    const caller = new Caller(served, method);
    caller.stream.write(bytes);
    callers.push(caller);
    return caller;
  };
  const figure = async (): Promise<number> =>
    Number(/^nestor_inflight_bytes (.*)$/m.exec((await get(`${served.url}/metrics`)).text)![1]);
  const nothingIsHeld = () => until(async () => (await figure()) === 0);
  const smallGoOn = async (): Promise<void> => {
    const client = clientOf(served);
    expect(await client.call('ServerLive')).toEqual({ live: true });
    await client.send('ModelInfer', tensor(10));
  };

  it.each(['ModelInfer', 'ModelStreamInfer'])(
    'is taken before they are read: slow %s wait, and are refused',
    async (method) => {
      await start({ MAX_QUEUE_MS: '200' });
      const begin = Buffer.concat([prefix(MESSAGE_BYTES), Buffer.alloc(1000)]);
      for (let count = 0; count < CLIENTS; count += 1) call(method, begin);
      const refused = (): Caller[] => callers.filter((caller) => caller.status !== undefined);
      // Of 30 MiB each, 3 fit into seven eighths.
      await until(() => refused().length === CLIENTS - 3);
      expect(new Set(refused().map((caller) => caller.status))).toEqual(new Set([status.UNAVAILABLE]));
      expect(refused()[0]!.answer).toMatchObject({ 'grpc-retry-pushback-ms': '1000' });
      expect(await figure()).toBe(3 * 2 * MESSAGE_BYTES);
      const lines = served.log.filter(({ code }) => code === 'MEMORY_FULL');
      expect(lines).toHaveLength(CLIENTS - 3);
      expect(lines[0]).toMatchObject({ rpc: `${SERVICE}/${method}`, status: 'UNAVAILABLE' });
      await smallGoOn();
      for (const { session } of callers) session.destroy();
      await nothingIsHeld();
    },
  );

  it('is granted in turn: all messages are answered, and none while others hold it', async () => {
    await start({ MAX_QUEUE_MS: '60000', ...SCARCE });
    const message = tensor(MIB);
    const client = clientOf(served);
    const answers = Promise.all(Array.from({ length: 8 }, () => client.send('ModelInfer', message)));
    let most = 0;
    const looking = setInterval(() => void figure().then((held) => (most = Math.max(most, held))), 50);
    await answers.finally(() => clearInterval(looking));
    expect((await answers).every(({ length }) => length > 4 * MIB)).toBe(true);
    // Their answers are counted as well: of all messages together it would be 64 MiB.
    expect(most).toBeLessThanOrEqual((28 + 8 * 4) * MIB);
    await nothingIsHeld();
  });

  it('is released with each response of a stream, which waits for its own', async () => {
    await start({ MAX_QUEUE_MS: '1', ...SCARCE });
    const stream = clientOf(served).stream();
    const input = { name: 'x', datatype: 'FP32', shape: [MIB / 2, 2] };
    const request = { model_name: 'identity-fp32', inputs: [input], raw_input_contents: [Buffer.alloc(4 * MIB)] };
    for (let count = 0; count < 10; count += 1) stream.write(request);
    stream.end();
    const errors: string[] = [];
    stream.on('data', ({ error_message: message }: { error_message: string }) => errors.push(message));
    await once(stream, 'end');
    expect(errors).toHaveLength(10);
    await nothingIsHeld();
  });

  it('is released by a message that stops arriving', async () => {
    await start({ REQUEST_TIMEOUT_SECONDS: '1' });
    const caller = call('ModelInfer', Buffer.concat([prefix(MESSAGE_BYTES), Buffer.alloc(1000)]));
    await until(() => caller.status !== undefined);
    expect(caller.status).toBe(status.DEADLINE_EXCEEDED);
    expect(decodeURIComponent(String(caller.answer['grpc-message']))).toContain('1 s (REQUEST_TIMEOUT_SECONDS)');
    expect(served.log).toContainEqual(expect.objectContaining({ code: 'BODY_TIMEOUT', status: 'DEADLINE_EXCEEDED' }));
    await nothingIsHeld();
  });

  it('counts a compressed message with its largest possible size', async () => {
    await start();
    call('ModelInfer', Buffer.concat([prefix(1000, true), Buffer.alloc(10)]));
    await until(async () => (await figure()) === 2 * 32 * MIB);
  });

  it('is not taken by a message that is too large, which is logged', async () => {
    await start();
    const caller = call('ModelInfer', prefix(33 * MIB));
    await until(() => caller.status !== undefined);
    expect(caller.status).toBe(status.RESOURCE_EXHAUSTED);
    expect(await figure()).toBe(0);
    expect(served.log).toContainEqual(
      expect.objectContaining({ code: 'BODY_TOO_LARGE', status: 'RESOURCE_EXHAUSTED' }),
    );
  });

  it('is not taken by finished small calls', async () => {
    await start();
    for (let count = 0; count < 20; count += 1) await clientOf(served).call('ServerLive');
    await nothingIsHeld();
  });
});
