import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HttpRequest } from './http-load.ts';

/** The result of a closed loop. */
export interface WrkResult {
  readonly seconds: number;
  /** Answers with a status below 400. */
  readonly answered: number;
  /** Answers with any other status. */
  readonly rejected: number;
  /** Connections that could not be opened, read or written, and answers that did not come in time. */
  readonly failed: number;
  /** The median latency of all answers. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** @throws Error that says how to install wrk, if it is missing */
export function requireWrk(): void {
  try {
    execFileSync('which', ['wrk'], { stdio: 'ignore' });
  } catch {
    throw new Error('wrk is not installed. Install it: apt-get install wrk (Debian, Ubuntu) or brew install wrk.');
  }
}

/**
 * Keeps a number of HTTP connections busy, each of which sends its next request as soon as it has its answer, even if
 * that was a 503. wrk is written in C, so that it keeps up with a server that answers tens of thousands of requests per
 * second, where a client in Node would be the bottleneck. It supports only whole seconds.
 */
export async function wrk(
  { url, headers, body }: HttpRequest,
  connections: number,
  seconds: number,
): Promise<WrkResult> {
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  try {
    const bodyFile = join(folder, 'body');
    const script = join(folder, 'request.lua');
    writeFileSync(bodyFile, body);
    writeFileSync(script, luaScript(bodyFile, headers));
    const { stdout } = await promisify(execFile)('wrk', [
      ...['--threads', '1', '--connections', String(connections), '--duration', `${Math.ceil(seconds)}s`],
      ...['--timeout', '60s', '--script', script, url],
    ]);
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as WrkResult;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Durations in the script are in microseconds. */
function luaScript(bodyFile: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers[${lua(name)}] = ${lua(value)}`);
  return `wrk.method = "POST"
local file = io.open(${lua(bodyFile)}, "rb")
wrk.body = file:read("*a")
file:close()
${lines.join('\n')}
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"seconds":%.6f,"answered":%d,"rejected":%d,"failed":%d,"p50Ms":%.3f,"p99Ms":%.3f}',
    summary.duration / 1e6, summary.requests - errors.status, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000
  ))
end
`;
}

/** For paths and headers, JSON's strings are valid in Lua. */
const lua = (text: string): string => JSON.stringify(text);
