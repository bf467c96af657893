import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { readableLines } from './readable.ts';

describe('the log for people', () => {
  const written = (write: (logger: pino.Logger) => void, colorize = false): string => {
    let text = '';
    const formatters = { level: (label: string) => ({ level: label }) };
    write(pino({ base: null, formatters }, readableLines(colorize, { write: (line) => (text += line) })));
    return text;
  };

  it('has one line a request, with all that the JSON line has', () => {
    const line = { requestId: 'abc', method: 'POST', path: '/predict', status: 200, durationMs: 2.4, model: 'housing' };
    expect(written((logger) => logger.info({ ...line, version: '1', rows: 3, code: undefined }, 'request'))).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: POST \/predict 200 in 2\.4 ms requestId=abc model=housing version=1 rows=3\n$/,
    );
  });

  it('has the message of anything else, with its fields in the same line', () => {
    expect(written((logger) => logger.warn({ model: 'x', cpus: 2, why: 'as it is' }, 'loaded'))).toMatch(
      / WARN: loaded model=x cpus=2 why=as it is\n$/,
    );
    expect(written((logger) => logger.info('stopped'))).toMatch(/ INFO: stopped\n$/);
  });

  it('has the stack of an error below', () => {
    const log = written((logger) => logger.error({ err: new Error('broken'), method: 'GET', status: 500 }, 'failed'));
    expect(log).toMatch(/\n *Error: broken\n +at /);
  });

  it('has colours only where they are asked for', () => {
    const write = (logger: pino.Logger): void => logger.info({ model: 'x' }, 'loaded');
    expect(written(write, true)).toContain('\u001b[');
    expect(written(write)).not.toContain('\u001b[');
  });
});
