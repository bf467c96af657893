export { CATALOGUE, type ErrorCode, type ErrorEntry } from './catalogue.ts';
export { type Issue, NestorError, type NestorErrorOptions, toNestorError } from './nestor-error.ts';
