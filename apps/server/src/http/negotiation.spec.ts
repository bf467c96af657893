import { describe, expect, it } from '@jest/globals';
import { preferredEncoding, preferredType } from './negotiation.ts';

describe('the media type that an Accept header prefers', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/csv, */*', 'text/csv'],
    ['text/csv; charset=utf-8; header=present', undefined],
    ['text/csv;q=0', undefined],
    ['text/csv;q=0, */*', 'application/json'],
    ['text/csv;q=0.2, application/json', 'application/json'],
    ['application/json;q=0.2, text/csv;q=0.9', 'text/csv'],
    ['image/png', undefined],
  ])('of JSON and CSV in %j is %j', (accept, expected) => {
    expect(preferredType(accept, ['application/json', 'text/csv'])).toBe(expected);
  });
});

describe('the coding that an Accept-Encoding header prefers', () => {
  it.each([
    ['gzip, deflate, br', 'gzip'],
    ['deflate, gzip', 'gzip'],
    ['deflate', 'deflate'],
    ['GZIP', 'gzip'],
    ['gzip;q=0.2, deflate;q=0.9', 'deflate'],
    ['gzip;q=0.5, identity', undefined],
    ['gzip;q=0', undefined],
    ['identity', undefined],
    ['*', 'gzip'],
    ['br', undefined],
    ['', undefined],
  ])('%j is %j', (acceptEncoding, expected) => {
    expect(preferredEncoding(acceptEncoding, ['gzip', 'deflate'])).toBe(expected);
  });
});
