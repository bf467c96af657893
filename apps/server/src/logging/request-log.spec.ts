import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { NestorError } from '#errors';
import { type Outcome, RequestLog } from './request-log.ts';

const options = {
  base: null,
  level: 'debug',
  timestamp: () => ',"time":"now"',
  formatters: { level: (level: string) => ({ level }) },
};
const answered: Outcome = { status: 200, durationMs: 1, served: null, failure: null, probe: false };

/** The log lines of these requests. */
function written(outcomes: readonly Outcome[], level = 'debug'): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ ...options, level }, { write: (line) => void lines.push(JSON.parse(line)) });
  const log = new RequestLog(logger);
  for (const outcome of outcomes) log.write('"requestId":"id-1"', outcome);
  return lines;
}

describe('RequestLog', () => {
  it('writes the line that pino would write', () => {
    const lines: string[] = [];
    const logger = pino(options, { write: (line) => void lines.push(line) }).child({ pod: 'a "pod"' });
    const log = new RequestLog(logger);
    const model = fc.record({ model: fc.constant('housing'), version: fc.constant('7'), rows: fc.nat() });
    const error = fc.constantFrom(null, new NestorError('QUEUE_FULL', 'it is "full"'));
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(499),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.option(model, { nil: undefined }),
        error,
        (path, status, durationMs, served, failure) => {
          const rounded = Math.round(durationMs * 1000) / 1000;
          const line = { requestId: 'id-1', path, status, durationMs: rounded, ...served, code: failure?.code };
          logger.info(line, 'request');
          log.write(`"requestId":"id-1","path":${JSON.stringify(path)},"status":${status}`, {
            ...answered,
            status,
            durationMs,
            served,
            failure,
          });
          const [expected, made] = lines.splice(0);
          expect(JSON.parse(made!)).toEqual(JSON.parse(expected!));
          expect(made!.endsWith('}\n')).toBe(true);
        },
      ),
    );
  });

  it('tells faults, refusals, answers and probes by their levels', () => {
    const full = new NestorError('QUEUE_FULL', 'it is "full"');
    const broken = new NestorError('INTERNAL', 'it broke', { cause: new Error('the cause') });
    const lines = written([
      answered,
      { ...answered, status: 404 },
      { ...answered, status: 503, failure: full },
      { ...answered, status: 500, failure: broken },
      { ...answered, probe: true },
      { ...answered, probe: true, status: 503 },
    ]);
    expect(lines.map(({ level }) => level)).toEqual(['info', 'info', 'warn', 'error', 'debug', 'warn']);
    expect(lines[2]).toMatchObject({ requestId: 'id-1', code: 'QUEUE_FULL', detail: 'it is "full"' });
    expect(lines[3]).toMatchObject({ requestId: 'id-1', code: 'INTERNAL', err: { message: 'the cause' } });
  });

  it('writes nothing of a level that is not logged', () => {
    expect(written([answered, { ...answered, status: 503 }], 'error')).toEqual([]);
    expect(written([answered, { ...answered, status: 503 }], 'warn')).toHaveLength(1);
  });
});
