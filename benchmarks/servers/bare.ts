/**
 * The least that serves the model from Node: it parses JSON, runs the session and answers. It checks nothing, logs
 * nothing and limits nothing. With BATCHING=on it micro-batches: the yardstick of all comparisons.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type House, predict, predictBatched } from './session.ts';

const run = process.env['BATCHING'] === 'on' ? predictBatched : predict;

async function answer(body: Buffer, response: ServerResponse): Promise<void> {
  const content = JSON.parse(body.toString()) as House | House[];
  const text = JSON.stringify({ prediction: await run(Array.isArray(content) ? content : [content]) });
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

createServer((request: IncomingMessage, response: ServerResponse) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(Buffer.concat(chunks), response).catch(() => response.writeHead(500).end());
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
