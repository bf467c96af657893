/** A Fastify server as in its documentation, with the same micro-batching: a team's first version. */
import { fastify } from 'fastify';
import { type House, predictBatched } from './session.ts';

const server = fastify({ bodyLimit: 33_554_432 });

server.post<{ Body: House | House[] }>('/predict', async ({ body }) => ({
  prediction: await predictBatched(Array.isArray(body) ? body : [body]),
}));

await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
