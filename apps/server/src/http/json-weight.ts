import type { FastifyRequest } from 'fastify';
import { NestorError } from '#errors';

/** Smaller JSON takes little, whatever it holds. */
const WEIGHED_FROM = 1_048_576;
/** No request is nested deeper for a reason; what reads it may go down by recursion. */
const DEEPEST = 100;

/**
 * Bytes of memory that V8 takes for parts of JSON once they are parsed, as measured: about as much as the worst of them. An
 * object of the shape of others takes a quarter of one of its own.
 */
const COST = { array: 64, object: 160, comma: 16, name: 16, string: 24 };
/** The text itself: its bytes, and the string that is made of them. */
const COST_OF_BYTE = 2;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A request as far as the memory of its JSON is concerned. */
export type WeighedRequest = Pick<FastifyRequest, 'heldBytes' | 'server'>;

/**
 * Counts what a large body of JSON takes once it is parsed, in place of what its bytes say: thirty times as much lies between
 * one long text and many empty lists.
 *
 * @throws NestorError INVALID_REQUEST where it is nested too deep; BODY_TOO_LARGE where it takes more than there is for all
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
 * About how many bytes the values of JSON take. It is looked through once; whether it is JSON at all is for its parser to say.
 *
 * @throws NestorError INVALID_REQUEST where it is nested too deep
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

/** Where the quote is that ends the string that begins here; the end of the bytes if it does not end. */
function endOfString(json: Buffer, start: number): number {
  for (let end = json.indexOf(QUOTE, start + 1); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}
