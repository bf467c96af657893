/**
 * Sends a CSV file with a million rows to Nestor, and reads the labels while it is being sent. Prints rows per second,
 * the server's CPU time and its highest memory. Run it after `npm run build`.
 *
 *     node benchmarks/stream.ts [--model housing] [--rows 1000000]
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { NestorProcess } from './nestor-process.ts';
import { benchmark, count } from './options.ts';
import { provenance } from './provenance.ts';

const flags = benchmark('node benchmarks/stream.ts', 'Sends a CSV file to Nestor and reads it back labelled.')
  .option('--model <name>', 'which of the shipped models', 'housing')
  .option('--rows <n>', 'how many', count, 1_000_000)
  .parse()
  .opts<{ model: string; rows: number }>();
const ROWS_A_PIECE = 1000;
const LOOK_MS = 50;
const LINE_FEED = 10;

interface Golden {
  readonly records: readonly Record<string, number | string>[];
}
const { records } = JSON.parse(readFileSync(`models/${flags.model}/training/golden.json`, 'utf8')) as Golden;
const header = `${Object.keys(records[0]!).join(',')}\n`;
const lineOf = (row: number): string => `${Object.values(records[row % records.length]!).join(',')}\n`;
const piece = Array.from({ length: ROWS_A_PIECE }, (_, row) => lineOf(row)).join('');

/** The number of returned lines, including the header. */
async function label(url: string, rows: number): Promise<number> {
  const headers = { 'content-type': 'text/csv', accept: 'text/csv' };
  const sent = request(url, { method: 'POST', headers });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  const sending = (async () => {
    sent.write(header);
    for (let row = 0; row < rows; row += ROWS_A_PIECE) if (!sent.write(piece)) await once(sent, 'drain');
    sent.end();
  })();
  let lines = 0;
  for await (const chunk of (await answered)[0] as AsyncIterable<Buffer>)
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) lines += 1;
  await sending;
  return lines;
}

const rows = Math.ceil(flags.rows / ROWS_A_PIECE) * ROWS_A_PIECE;
const about = provenance();
const nestor = await NestorProcess.start({ LOG_LEVEL: 'warn' });
try {
  const url = `${nestor.url}/models/${flags.model}/predict`;
  await label(url, 20 * ROWS_A_PIECE);
  const before = nestor.usage();
  let mostBytes = before.rssBytes;
  const look = setInterval(() => (mostBytes = Math.max(mostBytes, nestor.usage().rssBytes)), LOOK_MS);
  const begun = performance.now();
  const lines = await label(url, rows);
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(look);
  if (lines !== rows + 1) throw new Error(`${lines} lines came back for ${rows} rows and a header.`);
  const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  const result = {
    ...about,
    model: flags.model,
    rows,
    seconds: Math.round(seconds * 100) / 100,
    rowsPerSecond: Math.round(rows / seconds),
    serverCpuSeconds: Math.round((nestor.usage().cpuSeconds - before.cpuSeconds) * 100) / 100,
    memoryBeforeMiB: megabytes(before.rssBytes),
    memoryMostMiB: megabytes(mostBytes),
  };
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  await nestor.stop();
}
