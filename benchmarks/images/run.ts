/**
 * Measures the cost of uploaded pictures in Nestor, a bare server with sharp, and FastAPI with Pillow and with OpenCV.
 *
 *     npm run benchmark:images -- [--rounds N] [--seconds N] [--only digits] [--python PROGRAM]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { sendInTurn } from '../callers.ts';
import { withSpread } from '../markdown.ts';
import { benchmark, count, only, positive, python } from '../options.ts';
import { provenance, provenanceLine } from '../provenance.ts';
import type { ServerProcess } from '../server-process.ts';
import { inTurns } from '../turns.ts';
import { requireSameAnswers } from './answers.ts';
import { Liveness } from './liveness.ts';
import { type ModelId, MODELS, modelsFolder } from './models.ts';
import { barTable, cpuRatio, loadTables, type Measured } from './report.ts';
import { type ServerId, SERVER_IDS, startServer, callOf } from './servers.ts';
import { UPLOADS } from './uploads.ts';
import { type Load, windowOf } from './window.ts';

const flags = benchmark('npm run benchmark:images --', 'Shows what uploaded pictures cost.')
  .option('--rounds <n>', 'how often each load is measured', count, 5)
  .option('--seconds <n>', 'how long each time', positive, 3)
  .addOption(only(Object.keys(MODELS)))
  .addOption(python())
  .parse()
  .opts<{ rounds: number; seconds: number; only?: ModelId; python: string }>();

const CALLERS = [1, 8, 64];
const WARM_CALLERS = 8;
const WARM_SECONDS = 8;

type Servers = ReadonlyMap<ServerId, ServerProcess>;

async function main(): Promise<readonly Measured[]> {
  const models = modelsFolder();
  const servers = new Map<ServerId, ServerProcess>();
  const liveness = new Liveness();
  try {
    for (const id of SERVER_IDS) servers.set(id, await startServer(id, models, flags.python));
    await requireSameAnswers(servers);
    const measured: Measured[] = [];
    for (const model of flags.only ? [flags.only] : (Object.keys(MODELS) as ModelId[])) {
      for (const upload of UPLOADS) {
        for (const { port } of servers.values())
          await sendInTurn(callOf(port, model, upload, WARM_CALLERS), WARM_SECONDS);
        for (const callers of CALLERS) measured.push(await measure(servers, { model, upload, callers }, liveness));
      }
    }
    return measured;
  } finally {
    await liveness.close();
    await Promise.all([...servers.values()].map((server) => server.stop()));
    rmSync(models, { recursive: true });
  }
}

async function measure(servers: Servers, load: Load, liveness: Liveness): Promise<Measured> {
  const tasks = [...servers].map(
    ([id, server]) =>
      () =>
        windowOf(id, server, load, liveness, flags.seconds),
  );
  const [nestor, bare, pillow, opencv] = await inTurns(tasks, flags.rounds, 0);
  const { model, upload, callers } = load;
  const windows = { nestor: nestor!, bare: bare!, pillow: pillow!, opencv: opencv! };
  const one: Measured = { model, upload: upload.id.toUpperCase(), callers, windows };
  console.error(
    `${model}, ${one.upload}, ${callers} callers: CPU ${withSpread(cpuRatio(one, 'bare'))} of the bare server's`,
  );
  return one;
}

const before = provenance();
const measured = await main();
const markdown = [
  '# What uploaded pictures cost',
  `${flags.rounds} rounds of ${flags.seconds} s, one server after the other within each; medians, the lowest and highest ratio of a round, and of /livez the longest of all. ` +
    UPLOADS.map(({ id, file }) => `The ${id.toUpperCase()} has ${Math.round(file.length / 1000)} kB.`).join(' '),
  '## The bars',
  barTable(measured),
  ...loadTables(measured),
  provenanceLine(before, /^(node|onnxruntime-node|sharp|fastapi|onnxruntime|pillow|opencv-python-headless)$/),
  '',
].join('\n\n');
if (flags.only === undefined) {
  mkdirSync('benchmarks/results', { recursive: true });
  writeFileSync('benchmarks/results/images.json', `${JSON.stringify({ ...before, measured }, undefined, 1)}\n`);
  writeFileSync('benchmarks/results/images.md', markdown);
}
process.stdout.write(markdown);
