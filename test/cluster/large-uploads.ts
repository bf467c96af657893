import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

const MIB = 2 ** 20;
const PIECE_BYTES = 65_536;
/** Just within MAX_BODY_BYTES. */
const BODY_BYTES = 31 * MIB;

/** A body of 31 MiB: a beginning, and then one text again and again. */
interface Body {
  readonly path: string;
  readonly type: string;
  readonly headers?: string;
  readonly begin: string;
  readonly repeat: string;
}

/** What each protocol is sent. Parsed, empty lists would take ten times their text. */
const BODIES = {
  plain: { path: '/predict', type: 'application/json', begin: '[', repeat: '[],' },
  v2: { path: '/v2/models/housing/infer', type: 'application/json', begin: '{"inputs":[', repeat: '[],' },
  csv: {
    path: '/predict',
    type: 'text/csv',
    begin: 'CHAS,RM,TAX,PTRATIO,B,LSTAT\n',
    repeat: '0,6.575,296,15.3,396.9,4.98\n',
  },
  labelling: {
    path: '/predict',
    type: 'text/csv',
    headers: 'Accept: text/csv\r\n',
    begin: 'CHAS,RM,TAX,PTRATIO,B,LSTAT\n"',
    repeat: 'a cell that never ends ',
  },
} as const satisfies Record<string, Body>;

export const PROTOCOLS = [...(Object.keys(BODIES) as (keyof typeof BODIES)[]), 'grpc'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** A body under way. */
export interface Upload {
  /** The status of the answer, once it came: of HTTP or of gRPC; undefined where the connection broke without. */
  readonly status: Promise<string | undefined>;
  /** Resolves once all that is to be sent is sent, or cannot be. */
  readonly sent: Promise<void>;
  leave(): void;
}

/**
 * Sends 31 MiB as fast as they are read.
 *
 * @param address host and port, of the protocol's own listener
 * @param ends whether the last byte comes
 */
export function upload(protocol: Protocol, address: string, ends: boolean): Upload {
  return protocol === 'grpc' ? uploadByGrpc(address, ends) : uploadByHttp(BODIES[protocol], address, ends);
}

function uploadByHttp({ path, type, headers = '', begin, repeat }: Body, address: string, ends: boolean): Upload {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host).on('error', () => {});
  const length = `Content-Length: ${BODY_BYTES}\r\nConnection: close\r\n`;
  socket.write(`POST ${path} HTTP/1.1\r\nHost: nestor\r\nContent-Type: ${type}\r\n${headers}${length}\r\n`);
  let answer = '';
  socket.on('data', (piece: Buffer) => {
    if (answer.length < 100) answer += piece.toString('latin1');
  });
  const status = once(socket, 'close').then(() => /^HTTP\/1.1 (\d+) /.exec(answer)?.[1]);
  return { status, sent: send(socket, begin, repeat, ends), leave: () => socket.destroy() };
}

function uploadByGrpc(address: string, ends: boolean): Upload {
  const session = connectHttp2(`http://${address}`).on('error', () => {});
  const head = { 'content-type': 'application/grpc', te: 'trailers' };
  const stream = session.request({ ':method': 'POST', ':path': '/inference.GRPCInferenceService/ModelInfer', ...head });
  let status: string | undefined;
  for (const event of ['response', 'trailers'] as const) {
    stream.on(event, (names: Record<string, unknown>) => (status = names['grpc-status']?.toString() ?? status));
  }
  stream.on('error', () => {}).resume();
  const closed = once(stream, 'close').then(() => {
    session.destroy();
    return status;
  });
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(BODY_BYTES - prefix.length, 1);
  const sent = send(stream, prefix.toString('latin1'), '\0', ends).then(() => {
    if (ends) stream.end();
  });
  return { status: closed, sent, leave: () => session.destroy() };
}

async function send(to: Duplex, begin: string, repeat: string, ends: boolean): Promise<void> {
  const closed = new Promise<void>((resolve) => to.once('close', resolve));
  const piece = Buffer.from(repeat.repeat(Math.ceil(PIECE_BYTES / repeat.length)), 'latin1');
  to.write(Buffer.from(begin, 'latin1'));
  for (let left = BODY_BYTES - begin.length - (ends ? 0 : 1); left > 0 && !to.destroyed; left -= piece.length) {
    const isTaken = to.write(piece.subarray(0, left));
    if (!isTaken) await Promise.race([new Promise((resolve) => to.once('drain', resolve)), closed]);
  }
}
