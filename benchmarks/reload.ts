/**
 * Reloads a model of 5.6 MB a thousand times, beside a small one and with both under load. Counts failed requests and
 * answers of a version other than the one that they name. Measures memory at reload 200 and at the end, and what is
 * open at the end.
 *
 *     npm run soak:reload -- [--reloads N]
 */
import { mkdirSync, mkdtempSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestorProcess, type OpenParts } from './nestor-process.ts';
import { benchmark, count } from './options.ts';
import { provenance, provenanceLine } from './provenance.ts';
import { spreadOf } from './statistics.ts';
import { tableModel } from './table-model.ts';
import { checkPrices, houses } from './wire.ts';

const { reloads: RELOADS } = benchmark('npm run soak:reload --', 'Reloads a model over and over, under load.')
  .option('--reloads <n>', 'how often', count, 1000)
  .parse()
  .opts<{ reloads: number }>();
/** Memory is compared from here on, after the allocator has settled. */
const SETTLED = Math.round(RELOADS / 5);
/** Memory is the median of this many reloads, since it rises and falls with each. */
const MEMORY_WINDOW = Math.max(1, Math.round(RELOADS / 50));
const CLIENTS_EACH = 2;
const KEY = 'benchmark-of-reloads-key';
const SECONDS_AT_MOST = 1800;

interface Answer {
  readonly prediction: readonly number[];
  readonly model: { readonly version: string };
}

/** The clients' results. They stop if everything fails. */
class Tally {
  answered = 0;
  ended = false;
  readonly failures: string[] = [];

  get going(): boolean {
    return !this.ended && this.failures.length < 100;
  }

  failed(error: unknown): void {
    const { message, cause } = error as Error;
    this.failures.push(cause instanceof Error ? `${message}: ${cause.message}` : message);
  }
}

/** Sends one request after the other, and checks each answer. */
async function client(url: string, body: string, check: (answer: Answer) => void, tally: Tally): Promise<void> {
  while (tally.going) {
    try {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.status} ${text}`);
      check(JSON.parse(text) as Answer);
      tally.answered += 1;
    } catch (error) {
      tally.failed(error);
    }
  }
}

/** Every number in version N's table is N. */
function checkVersion({ prediction, model }: Answer): void {
  if (prediction.length === 3 && prediction.every((value) => String(value) === model.version)) return;
  throw new Error(`version ${model.version} answered ${prediction.join(', ')}`);
}

function startClients({ url }: NestorProcess, tally: Tally): Promise<unknown> {
  const rows = JSON.stringify([{ row: 0 }, { row: 7 }, { row: 1_234_567 }]);
  const house = JSON.stringify(houses(1)[0]);
  const clients = Array.from({ length: CLIENTS_EACH }, () => [
    client(`${url}/models/table/predict`, rows, checkVersion, tally),
    client(`${url}/models/housing/predict`, house, ({ prediction }) => checkPrices(prediction, 1), tally),
  ]);
  return Promise.all(clients.flat());
}

/** Writes a version to disk, and removes the one that is no longer served. */
function put(models: string, version: number): void {
  const folder = (number: number): string => join(models, 'table', String(number));
  mkdirSync(folder(version), { recursive: true });
  writeFileSync(join(folder(version), 'model.onnx'), tableModel(version));
  rmSync(folder(version - 2), { recursive: true, force: true });
}

/** @returns resident memory after each reload, in MB */
async function reloadAll(nestor: NestorProcess, models: string, tally: Tally): Promise<number[]> {
  const rss: number[] = [];
  const deadline = performance.now() + SECONDS_AT_MOST * 1000;
  while (rss.length < RELOADS && tally.going) {
    put(models, rss.length + 2);
    const headers = { 'x-api-key': KEY };
    const response = await fetch(`${nestor.url}/admin/models/table/reload`, { method: 'POST', headers });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`Reload ${rss.length + 1} was answered ${response.status}: ${text}`);
    rss.push(nestor.usage().rssBytes / 1e6);
    if (rss.length % 100 === 0) {
      console.error(
        `reload ${rss.length}: ${rss.at(-1)!.toFixed(0)} MB, ${tally.answered} answers, ${tally.failures.length} failures`,
      );
    }
    if (performance.now() > deadline) throw new Error(`${rss.length} reloads took ${SECONDS_AT_MOST} s.`);
  }
  return rss;
}

async function soak(models: string, keys: string): Promise<boolean> {
  const source = provenance();
  put(models, 1);
  const nestor = await NestorProcess.start({ MODELS: models, ADMIN: 'on', ADMIN_KEYS_FILE: keys, DRAIN_SECONDS: '1' });
  const tally = new Tally();
  const before = await nestor.openParts();
  const began = performance.now();
  const clients = startClients(nestor, tally);
  const rss = await reloadAll(nestor, models, tally).finally(() => (tally.ended = true));
  await clients;
  const seconds = (performance.now() - began) / 1000;
  const after = await nestor.openParts();
  const exitCode = await nestor.stop();

  const memoryAt = (reload: number): number => spreadOf(rss.slice(Math.max(0, reload - MEMORY_WINDOW), reload)).median;
  const memory = { settledAt: SETTLED, settled: memoryAt(SETTLED), last: memoryAt(rss.length) };
  const { answered, failures } = tally;
  const result = { reloads: rss.length, seconds, answered, failed: failures.length, memory, before, after, exitCode };
  mkdirSync('benchmarks/results', { recursive: true });
  const kept = { ...source, ...result, failures: failures.slice(0, 10), rssMegabytes: rss.map(Math.round) };
  const markdown = ['# Reloads under load', '', summary(result), '', provenanceLine(source)].join('\n');
  writeFileSync('benchmarks/results/reload.json', `${JSON.stringify(kept)}\n`);
  writeFileSync('benchmarks/results/reload.md', `${markdown}\n`);
  console.log([markdown, ...failures.slice(0, 10)].join('\n'));
  const sameOpen = after.sessions === before.sessions && after.workers === before.workers;
  return failures.length === 0 && memory.last <= memory.settled * 1.1 && sameOpen && exitCode === 0;
}

interface Result {
  readonly reloads: number;
  readonly seconds: number;
  readonly answered: number;
  readonly failed: number;
  readonly memory: { readonly settledAt: number; readonly settled: number; readonly last: number };
  readonly before: OpenParts;
  readonly after: OpenParts;
  readonly exitCode: number | null;
}

function summary({ reloads, seconds, answered, failed, memory, before, after, exitCode }: Result): string {
  const more = (100 * (memory.last / memory.settled - 1)).toFixed(1);
  return [
    `- ${reloads} reloads of a 5.6 MB model in ${seconds.toFixed(0)} s, under load: ${answered} answers, each from the version that it names; ${failed} requests failed.`,
    `- RSS ${memory.settled.toFixed(0)} MB at reload ${memory.settledAt}, ${memory.last.toFixed(0)} MB at reload ${reloads}: ${more} % more (at most 10 %).`,
    `- Open before: ${before.sessions} sessions, ${before.workers} workers; after: ${after.sessions} and ${after.workers}. Exit code ${exitCode}.`,
  ].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
try {
  const [models, keys] = [join(folder, 'models'), join(folder, 'keys')];
  cpSync('models/housing', join(models, 'housing'), { recursive: true });
  writeFileSync(keys, `${KEY}\n`, { mode: 0o600 });
  process.exitCode = (await soak(models, keys)) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
