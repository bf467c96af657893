import type { FastifyRequest } from 'fastify';
import { describe, NestorError, quote } from '#errors';
import { isObject, type JsonObject } from '#features';
import { jsonText, parseJson } from '../http/body.ts';

/**
 * The members of a request's JSON body.
 *
 * @param known the allowed members
 * @throws NestorError EMPTY_BODY, MALFORMED_BODY, INVALID_REQUEST
 */
export function membersOf(request: FastifyRequest, known: readonly string[]): JsonObject {
  const body = parseJson(jsonText(request), JSON.parse);
  if (!isObject(body)) throw invalid(`The body is ${describe(body)}; a JSON object is expected.`);
  const unknown = Object.keys(body).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw invalid(`${quote(unknown)} is not a member of this request; its members are ${known.join(', ')}.`);
  return body;
}

/** A boolean member. @throws NestorError INVALID_REQUEST */
export function flagOf(members: JsonObject, name: string, without: boolean): boolean {
  const value = members[name] ?? without;
  if (typeof value === 'boolean') return value;
  throw invalid(`${quote(name)} is ${describe(value)}; true or false is expected.`);
}

/** The model that `?model=` names. @throws NestorError INVALID_REQUEST if it is there more than once */
export function modelOf({ query }: FastifyRequest): string | undefined {
  const { model } = query as Readonly<Record<string, unknown>>;
  if (model === undefined || typeof model === 'string') return model;
  throw invalid('The query has "model" more than once.');
}

const invalid = (detail: string): NestorError => new NestorError('INVALID_REQUEST', detail);
