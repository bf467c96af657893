/** A minimal Node server for bodies: it reads a body, keeps nothing of it, and answers with its length. */
import { createServer } from 'node:http';

createServer((request, response) => {
  let length = 0;
  request.on('data', (chunk: Buffer) => (length += chunk.length));
  request.on('end', () => {
    const text = JSON.stringify({ length });
    response.setHeader('content-type', 'application/json');
    response.setHeader('content-length', text.length);
    response.end(text);
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
