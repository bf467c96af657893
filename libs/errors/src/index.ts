export { CATALOGUE, type ErrorCode, type ErrorEntry, GRPC_STATUS } from './catalogue.ts';
export { type Issue, NestorError, type NestorErrorOptions, toNestorError } from './nestor-error.ts';
export { type Problem, PROBLEM_TYPE, problemOf } from './problem.ts';
export { clip, describe, listed, listNames, quote, showShape } from './wording.ts';
