import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, type ErrorEntry, GRPC_STATUS } from '#errors';

const entries: [string, ErrorEntry][] = Object.entries(CATALOGUE);

describe('the error catalogue', () => {
  it.each(entries)('%s says what happened and what to do, each in a sentence', (code, { title, action }) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(title).toMatch(/^[A-Z].{8,}\.$/);
    expect(action).toMatch(/^[A-Z].{8,}\.$/);
    expect(`${title}${action}`).not.toMatch(/[|\n]/);
  });

  /** Errors of requests as such, which no client meets of an application that has the models in its own process. */
  const ofServers = ['ADMIN_OFF', 'BODY_TOO_LARGE', 'UNKNOWN_MODEL', 'UNKNOWN_PATH', 'UNKNOWN_VERSION'];
  const others = entries.filter(([code]) => !ofServers.includes(code));

  it.each(others)('%s names no setting and no path of the server to an application', (_code, entry) => {
    const { title, action, embedded = action } = entry;
    expect(embedded).toMatch(/^[A-Z].{8,}\.$/);
    expect(`${title} ${embedded}`).not.toMatch(/[A-Z]+_[A-Z]+|GET |server|request id/);
  });

  it('has no two errors that read the same', () => {
    expect(new Set(entries.map(([, { title }]) => title)).size).toBe(entries.length);
  });

  it.each(entries)(
    '%s has an HTTP status and a gRPC status that agree on whose fault it is',
    (_code, { status, grpc }) => {
      expect(Object.values(GRPC_STATUS)).toContain(grpc);
      const callersFault = status >= 400 && status < 500;
      const grpcServerFaults: number[] = [GRPC_STATUS.INTERNAL, GRPC_STATUS.UNAVAILABLE];
      expect(callersFault || (status >= 500 && status < 600)).toBe(true);
      if (callersFault) expect(grpcServerFaults).not.toContain(grpc);
      else expect([...grpcServerFaults, GRPC_STATUS.DEADLINE_EXCEEDED]).toContain(grpc);
    },
  );

  it('calls retryable what time alone can mend, and nothing else', () => {
    const retryable = entries.filter(([, entry]) => entry.retryable).map(([, { status }]) => status);
    expect(new Set(retryable)).toEqual(new Set([408, 429, 503, 504]));
    for (const [, { status, retryable: again }] of entries) expect(again).toBe([408, 429, 503, 504].includes(status));
  });
});
