import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Answers each request with its whole body, on node:http alone, at the port in PORT; 400 if the answer fails. */
export function serveBodies(
  answer: (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>,
): void {
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(request, Buffer.concat(chunks), response).catch(() => response.writeHead(400).end());
    });
  }).listen(Number(process.env['PORT']), '127.0.0.1');
}
