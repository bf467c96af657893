import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { requestLineWriter } from './request-line.ts';

const options = { base: null, timestamp: () => ',"time":"now"', formatters: { level: (level: string) => ({ level }) } };

describe('the line of a request', () => {
  it('is the one that pino would write', () => {
    const lines: string[] = [];
    const logger = pino(options, { write: (line) => void lines.push(line) }).child({ pod: 'a "pod"' });
    const write = requestLineWriter(logger);
    const served = fc.record({ model: fc.constant('housing'), version: fc.constant('7'), rows: fc.nat() });
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(599),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.option(served, { nil: undefined }),
        fc.constantFrom(undefined, 'QUEUE_FULL'),
        (path, status, durationMs, model, code) => {
          const rounded = Math.round(durationMs * 1000) / 1000;
          logger.info({ requestId: 'id-1', path, status, durationMs: rounded, ...model, code }, 'request');
          write(`"requestId":"id-1","path":${JSON.stringify(path)},"status":${status}`, {
            durationMs,
            served: model,
            code,
          });
          const [expected, made] = lines.splice(0);
          expect(JSON.parse(made!)).toEqual(JSON.parse(expected!));
          expect(made!.endsWith('}\n')).toBe(true);
        },
      ),
    );
  });

  it('is not written where its level is not', () => {
    const lines: string[] = [];
    const logger = pino({ ...options, level: 'warn' }, { write: (line) => void lines.push(line) });
    requestLineWriter(logger)('"requestId":"id-1"', { durationMs: 1, served: null, code: undefined });
    expect(lines).toEqual([]);
  });
});
