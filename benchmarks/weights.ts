/**
 * Measures the memory that a second copy of a model's weights takes, and the throughput that it adds: see README.md.
 *
 *     npm run benchmark:weights -- [--model FILE] [--seconds N]
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { byStatus, sendInTurn } from './callers.ts';
import { table, whole } from './markdown.ts';
import { NestorProcess } from './nestor-process.ts';
import { bytesField, concat, FLOAT, modelOf, node, textField, valueInfo, weights } from './onnx-writer.ts';
import { benchmark, positive } from './options.ts';
import { provenance, provenanceLine } from './provenance.ts';

const { model: MODEL, seconds: SECONDS } = benchmark(
  'npm run benchmark:weights --',
  'Shows what a second worker costs in memory, and gives in throughput.',
)
  .option('--model <file>', 'an .onnx file; a made one of 24 MiB without it')
  .option('--seconds <n>', 'how long each load lasts', positive, 5)
  .parse()
  .opts<{ model?: string; seconds: number }>();
const WORKERS = [1, 2];
const WIDTH = 1024;
const LAYERS = 6;
/** The size to use for an open dimension after the first. */
const LENGTH = 32;
const MB = 1e6;

/** A sequence of layers with a million weights each. */
function denseModel(): Uint8Array {
  const layers = Array.from({ length: LAYERS }, (_, layer) => {
    const data = Float32Array.from({ length: WIDTH * WIDTH }, (__, at) => (((at * 31 + layer) % 97) - 48) / 2000);
    const [from, to] = [layer === 0 ? 'x' : `x${layer}`, layer === LAYERS - 1 ? 'y' : `x${layer + 1}`];
    return concat([
      node('MatMul', [from, `w${layer}`], `product${layer}`),
      node('Relu', [`product${layer}`], to),
      weights(`w${layer}`, [WIDTH, WIDTH], data),
    ]);
  });
  const [x, y] = [valueInfo('x', FLOAT, ['rows', WIDTH]), valueInfo('y', FLOAT, ['rows', WIDTH])];
  return modelOf(concat(layers, [textField(2, 'dense'), bytesField(11, x), bytesField(12, y)]));
}

interface Measured {
  readonly restMb: number;
  readonly loadMb: number;
  readonly perSecond: number;
}

async function measure(models: string, workers: number): Promise<Measured> {
  const nestor = await NestorProcess.start({ MODELS: models, EXECUTION: 'pool', WORKERS: `${workers}` });
  try {
    const restMb = nestor.usage().rssBytes / MB;
    const url = `${nestor.url}/v2/models/model/infer`;
    const call = { url, body: await bodyFor(nestor.url), connections: 2 * Math.max(...WORKERS) };
    const { 200: answered, ...others } = byStatus(await sendInTurn(call, SECONDS), SECONDS);
    if (answered === undefined || Object.keys(others).length > 0)
      throw new Error(`Nestor answered ${JSON.stringify({ ...others, 200: answered })}`);
    return { restMb, loadMb: nestor.usage().rssBytes / MB, perSecond: answered.perSecond };
  } finally {
    await nestor.stop();
  }
}

/** A request of one row of ones. */
async function bodyFor(url: string): Promise<string> {
  const metadata = (await (await fetch(`${url}/v2/models/model`)).json()) as {
    inputs: { name: string; datatype: string; shape: number[] }[];
  };
  const inputs = metadata.inputs.map(({ name, datatype, shape: open }) => {
    const shape = open.map((size, at) => (size >= 0 ? size : at === 0 ? 1 : LENGTH));
    return { name, datatype, shape, data: new Array(shape.reduce((product, size) => product * size, 1)).fill(1) };
  });
  return JSON.stringify({ inputs });
}

const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
try {
  const file = join(folder, 'model/1/model.onnx');
  mkdirSync(join(folder, 'model/1'), { recursive: true });
  if (MODEL === undefined) writeFileSync(file, denseModel());
  else cpSync(MODEL, file);
  const rows: string[][] = [];
  for (const workers of WORKERS) {
    const { restMb, loadMb, perSecond } = await measure(folder, workers);
    rows.push([`${workers}`, whole(restMb), whole(loadMb), whole(perSecond)]);
  }
  console.log(`# ${(statSync(file).size / MB).toFixed(0)} MB of weights, ${availableParallelism()} CPUs\n`);
  console.log(`${provenanceLine(provenance())}\n`);
  console.log(table(['Workers', 'RSS at rest, MB', 'RSS under load, MB', 'Runs a second'], rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
