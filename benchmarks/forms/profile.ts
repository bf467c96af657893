/**
 * Shows the share of each part of the server in a request with one house, at 64 callers: its CPU profile under wrk,
 * mapped back to the sources, and summed by folder and package.
 *
 *     npm run benchmark:profile -- [--seconds N] [--only frame]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageEnvironment } from '../image-environment.ts';
import { table } from '../markdown.ts';
import { benchmark, only, positive } from '../options.ts';
import { provenance, provenanceLine } from '../provenance.ts';
import { ServerProcess } from '../server-process.ts';
import { requireWrk, wrk } from '../wrk.ts';
import { FORMS } from './forms.ts';

const flags = benchmark('npm run benchmark:profile --', 'Shows what the parts of the server take of a request.')
  .option('--seconds <n>', 'how long the server is asked', positive, 10)
  .addOption(only(FORMS.map(({ id }) => id)))
  .parse()
  .opts<{ seconds: number; only?: string }>();

const WARM_SECONDS = 10;
const CALLERS = 64;
const LEAST_SHARE = 0.004;

/** V8's format: the call tree, and the node that was running at each sample. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  /** Microseconds from each sample to the one before. */
  readonly timeDeltas: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The CPU profile of the server under wrk. */
async function profiled(): Promise<CpuProfile> {
  const form = FORMS.find(({ id }) => id === (flags.only ?? 'frame'))!;
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  const server = await ServerProcess.start(
    (port) => ({
      file: process.execPath,
      args: ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder, 'dist/bundle/main.js'],
      env: {
        ...imageEnvironment,
        ...{ NODE_ENV: 'production', HOST: '127.0.0.1', MODELS: 'models/housing', DRAIN_SECONDS: '0' },
        ...{ PORT: String(port), GRPC_PORT: String(port + 1) },
      },
    }),
    async (port) => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)) !== undefined,
  );
  const request = { url: `http://127.0.0.1:${server.port}${form.paths.nestor}`, ...form.content(1) };
  await wrk(request, CALLERS, WARM_SECONDS);
  await wrk(request, CALLERS, flags.seconds);
  await server.stop();
  const sizes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  rmSync(folder, { recursive: true });
  const largest = sizes.reduce((most, text) => (text.length > most.length ? text : most), '');
  return JSON.parse(largest) as CpuProfile;
}

const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) {
    let map: SourceMap | undefined;
    try {
      map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
    } catch {
      // Not bundled.
    }
    maps.set(file, map);
  }
  return maps.get(file);
}

/** The folder, the package or the part of Node of a function. */
function partOf({ functionName, url, lineNumber, columnNumber }: CallFrame): string {
  if (functionName === '(garbage collector)') return "V8's garbage collector";
  if (functionName === 'writeUtf8String' || functionName === 'writev') return "the socket's write";
  if (url === '') return 'other native code';
  if (url.startsWith('node:')) return `Node: ${/node:(?:internal\/)?([\w]+)/.exec(url)![1]!.replace(/^_/, '')}`;
  const file = fileURLToPath(url);
  const entry = mapOf(file)?.findEntry(lineNumber, columnNumber) as { originalSource?: string } | undefined;
  const source = relative(process.cwd(), entry?.originalSource ? resolve(dirname(file), entry.originalSource) : file);
  const [, dependency] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
  if (source.endsWith('native-session.ts')) return "ONNX Runtime's run";
  return dependency ?? /^(?:libs\/[^/]+|apps\/[^/]+\/src\/[^/]+|[^/]+)/.exec(source)![0];
}

function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): ReadonlyMap<string, number> {
  const parts = new Map(nodes.map(({ id, callFrame }) => [id, callFrame] as const));
  const sums = new Map<string, number>();
  let total = 0;
  // Only the middle part, without the start and the stop.
  const [begin, end] = [0.5, 0.9].map((share) => Math.floor(samples.length * share)) as [number, number];
  for (let at = begin; at < end; at += 1) {
    const frame = parts.get(samples[at]!)!;
    if (frame.functionName === '(idle)' || frame.functionName === '(program)') continue;
    const part = partOf(frame);
    sums.set(part, (sums.get(part) ?? 0) + timeDeltas[at]!);
    total += timeDeltas[at]!;
  }
  return new Map([...sums].map(([part, sum]) => [part, sum / total]));
}

requireWrk();
const before = provenance();
const shares = [...sharesOf(await profiled())].sort(([, a], [, b]) => b - a);
const shown = shares.filter(([, share]) => share >= LEAST_SHARE);
const rest = 1 - shown.reduce((sum, [, share]) => sum + share, 0);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const rows = [...shown, ['all else', rest] as const].map(([part, share]) => [part, percent(share)]);
process.stdout.write(`${[table(['part', 'CPU of a request'], rows), provenanceLine(before)].join('\n\n')}\n`);
