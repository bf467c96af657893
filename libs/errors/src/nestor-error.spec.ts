import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, NestorError, toNestorError } from '#errors';

describe('NestorError', () => {
  it('carries its entry, the detail, and what was wrong with which row', () => {
    const errors = [{ row: 3, field: 'RM', detail: 'row 3: RM is missing' }];
    const error = new NestorError('INVALID_ROWS', 'One value is missing.', { errors });
    expect(error).toMatchObject({ code: 'INVALID_ROWS', message: 'One value is missing.', errors });
    expect(error.entry).toBe(CATALOGUE.INVALID_ROWS);
    expect(error).toBeInstanceOf(Error);
    expect('cause' in error).toBe(false);
  });

  it('is shown, and known, by the name that programs import it under', () => {
    const error = new NestorError('NO_ROWS', 'None.');
    expect([error.name, `${error}`]).toEqual(['PredictionError', 'PredictionError: None.']);
    expect(inspect(error)).toMatch(/^PredictionError: None\./);
  });

  it('keeps the cause', () => {
    const cause = new Error('disk');
    expect(new NestorError('INTERNAL', 'No.', { cause }).cause).toBe(cause);
  });
});

describe('toNestorError', () => {
  it('leaves an error of the catalogue as it is', () => {
    const error = new NestorError('QUEUE_FULL', 'Full.', { retryAfterSeconds: 1 });
    expect(toNestorError(error)).toBe(error);
  });

  it.each([new TypeError('x is not a function at /srv/secret.js'), 'a string', undefined, null])(
    'makes INTERNAL of anything else, its cause kept and its text kept from the client (%p)',
    (thrown) => {
      const error = toNestorError(thrown);
      expect(error.code).toBe('INTERNAL');
      expect(error.message).toBe(CATALOGUE.INTERNAL.title);
      expect(error.cause).toBe(thrown);
    },
  );
});
