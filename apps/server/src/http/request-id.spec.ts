import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestId } from './request-id.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const idOf = (headers: Record<string, string | string[]>) => requestId({ headers });

describe('requestId', () => {
  it.each(['order-77', 'a', '4bf92f35:77/x+y=', 'x'.repeat(128)])('takes the sane X-Request-Id %s', (id) => {
    expect(idOf({ 'x-request-id': id })).toBe(id);
  });

  it.each(['', 'two words', 'line\nbreak', '"quoted"', 'x'.repeat(129)])('makes an id instead of %j', (id) => {
    expect(idOf({ 'x-request-id': id })).toMatch(UUID);
  });

  it('takes the trace id of a traceparent where there is no X-Request-Id', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(idOf({ traceparent })).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(idOf({ traceparent, 'x-request-id': 'order-77' })).toBe('order-77');
  });

  it('does not take a trace id of zeros', () => {
    expect(idOf({ traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` })).toMatch(UUID);
  });

  it('is always short and safe in a log line, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, traceparent) => {
        expect(idOf({ 'x-request-id': id, traceparent })).toMatch(/^[A-Za-z0-9._:/+=@-]{1,128}$/);
      }),
    );
  });
});
