import type { FastifyRequest } from 'fastify';

/** Smaller responses take little memory, even if their readers are slow. */
const COUNTED_FROM = 65_536;
/** Text is held as a string and as the bytes to send. */
const COST_OF_ANSWER = 2;

/** Counts a response in the memory budget until it is sent, because its reader may be slow. */
export function countAnswer(request: FastifyRequest, answer: unknown): void {
  const length = typeof answer === 'string' || Buffer.isBuffer(answer) ? answer.length : 0;
  if (length >= COUNTED_FROM) request.server.memoryBudget.add(request, length * COST_OF_ANSWER);
}
