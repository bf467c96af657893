/**
 * Measures the cost of each form of rows in Nestor, relative to a bare server that reads the same form and checks that
 * each value is a number. The client is faster than both, so that it does not limit the result.
 *
 *     npm run benchmark:forms -- [--rounds N] [--seconds N] [--only frame]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { imageEnvironment } from '../image-environment.ts';
import { table, withSpread } from '../markdown.ts';
import { benchmark, count, only, positive } from '../options.ts';
import { provenance, provenanceLine } from '../provenance.ts';
import { ServerProcess } from '../server-process.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { inTurns } from '../turns.ts';
import { requireWrk, wrk } from '../wrk.ts';
import { type Form, FORMS, type Load } from './forms.ts';
import { modelsFolder } from './picture.ts';

const flags = benchmark('npm run benchmark:forms --', 'Shows what each form of rows costs.')
  .option('--rounds <n>', 'how often each form is measured', count, 5)
  .option('--seconds <n>', 'how long each time', positive, 2)
  .addOption(only(FORMS.map(({ id }) => id)))
  .parse()
  .opts<{ rounds: number; seconds: number; only?: string }>();

const NAMES = ['nestor', 'bare'] as const;
type Name = (typeof NAMES)[number];
type Servers = Readonly<Record<Name, ServerProcess>>;

/**
 * With the same load that is measured next, since V8 recompiles for another number of rows, which takes some seconds.
 */
const WARM_SECONDS = 8;
/** Before all loads, so that V8 compiles the code that every request uses. */
const START_SECONDS = 12;

interface Window {
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly requestsPerSecond: number;
}

interface Measured extends Omit<Load, 'bar'> {
  readonly form: string;
  readonly bar: number | undefined;
  /** One window per round. */
  readonly windows: Readonly<Record<Name, readonly Window[]>>;
}

async function ask(
  name: Name,
  server: ServerProcess,
  form: Form,
  { rows, connections }: Pick<Load, 'rows' | 'connections'>,
  seconds: number,
): Promise<Window> {
  const request = { url: `http://127.0.0.1:${server.port}${form.paths[name]}`, ...form.content(rows) };
  const before = server.usage().cpuSeconds;
  const { answered, rejected, failed, p50Ms, seconds: took } = await wrk(request, connections, seconds);
  if (rejected + failed > 0) throw new Error(`${name} answers ${rejected} of ${answered} with an error (${form.id})`);
  const cpuMicroseconds = ((server.usage().cpuSeconds - before) * 1e6) / answered;
  return { cpuMicroseconds, p50Ms, requestsPerSecond: answered / took };
}

async function measure(servers: Servers, form: Form, load: Load): Promise<Measured> {
  const tasks = NAMES.map((name) => () => ask(name, servers[name], form, load, flags.seconds));
  const [nestor, bare] = await inTurns(tasks, flags.rounds, 0);
  const { rows, connections, figure } = load;
  return {
    form: form.title,
    rows,
    connections,
    figure,
    bar: load.bar,
    windows: { nestor: nestor!, bare: bare! },
  };
}

async function main(): Promise<readonly Measured[]> {
  const models = modelsFolder();
  const servers: Servers = {
    nestor: await start(['dist/bundle/main.js'], {
      ...imageEnvironment,
      HOST: '127.0.0.1',
      MODELS: models,
      DEFAULT_MODEL: 'housing',
    }),
    bare: await start(['benchmarks/servers/bare-forms.ts'], {}),
  };
  try {
    const forms = FORMS.filter(({ id }) => (flags.only ?? id) === id);
    const measured: Measured[] = [];
    for (const name of NAMES) await ask(name, servers[name], forms[0]!, forms[0]!.loads[0]!, START_SECONDS);
    for (const form of forms) {
      for (const load of form.loads) {
        for (const name of NAMES) await ask(name, servers[name], form, load, WARM_SECONDS);
        const one = await measure(servers, form, load);
        measured.push(one);
        console.error(`${one.form}, ${load.rows} rows, ${load.connections} callers: ${withSpread(ratioOf(one))}`);
      }
    }
    return measured;
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
    rmSync(models, { recursive: true });
  }
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  return ServerProcess.start(
    (port) => ({
      file: process.execPath,
      args,
      env: { NODE_ENV: 'production', PORT: String(port), GRPC_PORT: String(port + 1), ...env },
    }),
    async (port) => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)) !== undefined,
  );
}

/** The ratios within each round, in which the machine's load was the same for both. */
function ratioOf({ windows, figure }: Measured): Spread {
  return spreadOf(windows.nestor.map((window, round) => window[figure] / windows.bare[round]![figure]));
}

function report(measured: readonly Measured[]): string {
  const rows = measured.map((one) => {
    const of = (name: Name, figure: keyof Window): number => spreadOf(one.windows[name].map((w) => w[figure])).median;
    const shown = (name: Name): string =>
      one.figure === 'p50Ms' ? `${of(name, 'p50Ms').toFixed(3)} ms` : `${of(name, 'cpuMicroseconds').toFixed(1)} µs`;
    const ratio = ratioOf(one);
    return [
      one.form,
      String(one.rows),
      String(one.connections),
      one.figure === 'p50Ms' ? 'p50' : 'CPU',
      shown('nestor'),
      shown('bare'),
      withSpread(ratio),
      one.bar === undefined ? '–' : `≤ ${one.bar}${ratio.median <= one.bar ? '' : ' **not met**'}`,
      Math.round(of('nestor', 'requestsPerSecond')).toLocaleString('en'),
      Math.round(of('bare', 'requestsPerSecond')).toLocaleString('en'),
    ];
  });
  const heads = ['form', 'rows', 'callers', 'of a request', 'Nestor', 'bare', 'ratio', 'bar', 'Nestor/s', 'bare/s'];
  return table(heads, rows);
}

requireWrk();
const before = provenance();
const measured = await main();
const markdown = [
  '# What each form of rows costs',
  `${flags.rounds} rounds of ${flags.seconds} s with wrk, one server after the other within each; medians, and the lowest and highest ratio of a round.`,
  report(measured),
  provenanceLine(before),
  '',
].join('\n\n');
if (flags.only === undefined) {
  mkdirSync('benchmarks/results', { recursive: true });
  writeFileSync('benchmarks/results/forms.json', `${JSON.stringify({ ...before, measured }, undefined, 1)}\n`);
  writeFileSync('benchmarks/results/forms.md', markdown);
}
process.stdout.write(markdown);
