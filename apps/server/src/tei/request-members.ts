import type { FastifyRequest } from 'fastify';
import { describe, NestorError, quote } from '#errors';
import { isObject, type JsonObject } from '#features';
import { jsonText, parseJson } from '../http/body.ts';

/**
 * The members of a request's JSON body.
 *
 * @param known those that are understood
 * @throws NestorError EMPTY_BODY, MALFORMED_BODY, INVALID_REQUEST for others than these
 */
export function membersOf(request: FastifyRequest, known: readonly string[]): JsonObject {
  const body = parseJson(jsonText(request), JSON.parse);
  if (!isObject(body)) throw invalid(`The body is ${describe(body)}; a JSON object is expected.`);
  const unknown = Object.keys(body).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(`${quote(unknown)} is not understood here; ${known.join(', ')} are.`);
  return body;
}

/** A switch among the members. @throws NestorError INVALID_REQUEST */
export function flagOf(members: JsonObject, name: string, without: boolean): boolean {
  const value = members[name] ?? without;
  if (typeof value === 'boolean') return value;
  throw invalid(`${quote(name)} is ${describe(value)}; true or false is expected.`);
}

/** The model that `?model=` names, where there are several. @throws NestorError INVALID_REQUEST */
export function modelOf({ query }: FastifyRequest): string | undefined {
  const { model } = query as Readonly<Record<string, unknown>>;
  if (model === undefined || typeof model === 'string') return model;
  throw invalid('"model" stands in the address more than once.');
}

const invalid = (detail: string): NestorError => new NestorError('INVALID_REQUEST', detail);
