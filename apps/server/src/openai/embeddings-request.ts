import type { FastifyRequest } from 'fastify';
import { NestorError, quote } from '#errors';
import { isObject } from '#features';
import { jsonText, parseJson } from '../http/body.ts';

/** The body of a request for embeddings, its members as they were sent. */
export interface EmbeddingsRequest {
  readonly model?: string | undefined;
  readonly input: unknown;
  readonly isBase64: boolean;
  readonly dimensions: number | undefined;
}

/** `user` is an end user's id for OpenAI's own records: there are none here. */
const MEMBERS = ['model', 'input', 'encoding_format', 'dimensions', 'user'];

/** Each body is read once, though the model is looked up before the rest is. */
const read = new WeakMap<FastifyRequest, EmbeddingsRequest>();

/** @throws NestorError EMPTY_BODY, MALFORMED_BODY, INVALID_REQUEST */
export function embeddingsRequest(request: FastifyRequest): EmbeddingsRequest {
  const known = read.get(request) ?? parse(request);
  read.set(request, known);
  return known;
}

function parse(request: FastifyRequest): EmbeddingsRequest {
  const body = parseJson(jsonText(request), JSON.parse);
  if (!isObject(body)) throw invalid('The body is no JSON object.');
  const unknown = Object.keys(body).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined) throw invalid(`${quote(unknown)} is not understood here; ${MEMBERS.join(', ')} are.`);
  const { model, input, encoding_format: format = 'float', dimensions } = body;
  if (model !== undefined && model !== null && typeof model !== 'string')
    throw invalid('"model" is the name of a model, as text.');
  if (format !== 'float' && format !== 'base64') throw invalid('"encoding_format" is "float" or "base64".');
  if (
    dimensions !== undefined &&
    dimensions !== null &&
    !(Number.isSafeInteger(dimensions) && (dimensions as number) > 0)
  )
    throw invalid('"dimensions" is a whole number from 1.');
  if (input === undefined) throw invalid('"input" is missing: a text, a list of texts, or the ids of tokens.');
  return {
    model: model ?? undefined,
    input,
    isBase64: format === 'base64',
    dimensions: (dimensions ?? undefined) as number,
  };
}

const invalid = (detail: string): NestorError => new NestorError('INVALID_REQUEST', detail);
