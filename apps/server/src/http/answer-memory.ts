import type { FastifyRequest } from 'fastify';

/** Smaller answers take little, whoever is slow to read them. */
const COUNTED_FROM = 65_536;
/** Text lies there as a string and as the bytes that are sent. */
const COST_OF_ANSWER = 2;

/** Counts an answer in the memory budget, until it is out: its reader may take long. */
export function countAnswer(request: FastifyRequest, answer: unknown): void {
  const length = typeof answer === 'string' || Buffer.isBuffer(answer) ? answer.length : 0;
  if (length >= COUNTED_FROM) request.server.memoryBudget.add(request, length * COST_OF_ANSWER);
}
