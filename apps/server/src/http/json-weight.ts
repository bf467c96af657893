import type { FastifyRequest } from 'fastify';
import { NestorError } from '#errors';

/** Smaller JSON takes little memory, whatever its content. */
const WEIGHED_FROM = 1_048_576;
/** No request needs deeper nesting, and a recursive reader could overflow the stack. */
const DEEPEST = 100;

/**
 * The bytes that V8 takes for parsed parts of JSON, as measured, close to the worst case. An object that shares its
 * shape with others takes a quarter of one with its own shape.
 */
const COST = { array: 64, object: 160, comma: 16, name: 16, string: 24 };
/** The text is held as bytes and as a string. */
const COST_OF_BYTE = 2;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The parts of a request that weighing its JSON needs. */
export type WeighedRequest = Pick<FastifyRequest, 'heldBytes' | 'server'>;

/**
 * Counts the memory of a large JSON body by its parsed values instead of its length: for the same length, many empty
 * lists take thirty times as much as one long string.
 *
 * @throws NestorError INVALID_REQUEST if it is nested too deep; BODY_TOO_LARGE if it exceeds the budget of all
 * requests; MEMORY_FULL
 */
export function weighJson(request: WeighedRequest, json: Buffer): void {
  if (json.length < WEIGHED_FROM) return;
  const { memoryBudget } = request.server;
  const bytes = json.length * COST_OF_BYTE + weightOf(json);
  if (bytes > memoryBudget.bytes) {
    const detail = `The JSON would take some ${bytes} bytes of memory once it is parsed; all requests together have ${memoryBudget.bytes} (MAX_INFLIGHT_BYTES).`;
    throw new NestorError('BODY_TOO_LARGE', detail);
  }
  memoryBudget.hold(request, bytes);
}

/**
 * Estimates the bytes that the values of JSON take, in one pass and without validating the JSON.
 *
 * @throws NestorError INVALID_REQUEST if it is nested too deep
 */
export function weightOf(json: Buffer): number {
  let weight = 0;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json[at]) {
      case QUOTE:
        at = endOfString(json, at);
        weight += json[at + 1] === 0x3a /* : */ ? COST.name : COST.string;
        break;
      case 0x2c: // ,
        weight += COST.comma;
        break;
      case 0x5b: // [
        weight += COST.array;
        depth += 1;
        break;
      case 0x7b: // {
        weight += COST.object;
        depth += 1;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      default:
    }
    if (depth > DEEPEST) throw new NestorError('INVALID_REQUEST', `The JSON is nested deeper than ${DEEPEST} levels.`);
  }
  return weight;
}

/** The position of a string's closing quote, or the end of the bytes without one. */
function endOfString(json: Buffer, start: number): number {
  for (let end = json.indexOf(QUOTE, start + 1); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}
