import type { FastifyRequest } from 'fastify';
import { NestorError, quote } from '#errors';
import { isObject } from '#features';
import { jsonText, parseJson } from '../http/body.ts';

/** The body of a request for embeddings, before its input is read. */
export interface EmbeddingsRequest {
  readonly model?: string | undefined;
  readonly input: unknown;
  readonly isBase64: boolean;
  readonly dimensions: number | undefined;
}

/** Nestor ignores `user`, an end user's id for OpenAI's records. */
const MEMBERS = ['model', 'input', 'encoding_format', 'dimensions', 'user'];

/** Caches parsed bodies: the model is looked up before the request is decoded. */
const read = new WeakMap<FastifyRequest, EmbeddingsRequest>();

/** @throws NestorError EMPTY_BODY, MALFORMED_BODY, INVALID_REQUEST */
export function embeddingsRequest(request: FastifyRequest): EmbeddingsRequest {
  const known = read.get(request) ?? parse(request);
  read.set(request, known);
  return known;
}

function parse(request: FastifyRequest): EmbeddingsRequest {
  const body = parseJson(jsonText(request), JSON.parse);
  if (!isObject(body)) throw invalid('The body is not a JSON object.');
  const unknown = Object.keys(body).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined)
    throw invalid(`${quote(unknown)} is not a member of this request; its members are ${MEMBERS.join(', ')}.`);
  const { model, input, encoding_format: format = 'float', dimensions } = body;
  if (model !== undefined && model !== null && typeof model !== 'string')
    throw invalid('"model" must be the name of a model, as a string.');
  if (format !== 'float' && format !== 'base64') throw invalid('"encoding_format" must be "float" or "base64".');
  if (
    dimensions !== undefined &&
    dimensions !== null &&
    !(Number.isSafeInteger(dimensions) && (dimensions as number) > 0)
  )
    throw invalid('"dimensions" must be a whole number above 0.');
  if (input === undefined) throw invalid('"input" is missing. Send a text, a list of texts, or token ids.');
  return {
    model: model ?? undefined,
    input,
    isBase64: format === 'base64',
    dimensions: (dimensions ?? undefined) as number,
  };
}

const invalid = (detail: string): NestorError => new NestorError('INVALID_REQUEST', detail);
