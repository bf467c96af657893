/**
 * Compares the cost of a prediction over each of Nestor's protocols with bare servers and, with --peers, with other
 * servers that speak them: see ../README.md.
 *
 *     npm run benchmark:protocols -- [--quick] [--peers] [--only calls|bodies] [--rounds N] [--seconds N]
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { startGrpcLoad } from '../grpc-load.ts';
import { startHttpLoad } from '../http-load.ts';
import { type Extent, type Load, type Sample, sample, summarise, warmUp } from '../load.ts';
import { benchmark, count, only, positive, python } from '../options.ts';
import { forgetPeak, peakBytes } from '../peak-memory.ts';
import { provenance } from '../provenance.ts';
import { pythonEnvironment } from '../python-environment.ts';
import { ServerProcess } from '../server-process.ts';
import { inTurns, rotated } from '../turns.ts';
import { type Case, type Stage, stages } from './cases.ts';
import type { Exchange, Protocol } from './protocols.ts';
import { type Measured, report, type Result } from './report.ts';
import { type Models, type Subject, subjects } from './subjects.ts';
import { housesOf, type Work, WrongAnswerError } from './work.ts';

const flags = benchmark('npm run benchmark:protocols --', 'Compares what a prediction costs over each protocol.')
  .option('--quick', 'two short rounds', false)
  .option('--peers', 'the servers that speak them too', false)
  .addOption(only(['calls', 'bodies']))
  .option('--rounds <n>', 'how often all servers are started and measured', count)
  .option('--seconds <n>', 'how long each load lasts', positive)
  .option('--name <name>', 'what the results are called')
  .addOption(python())
  .parse()
  .opts<{
    quick: boolean;
    peers: boolean;
    only?: string;
    rounds?: number;
    seconds?: number;
    name?: string;
    python: string;
  }>();

const plan = {
  rounds: flags.rounds ?? (flags.quick ? 2 : 5),
  seconds: flags.seconds ?? (flags.quick ? 1 : 3),
  turns: flags.quick ? 2 : 4,
  warmUpSeconds: flags.quick ? 4 : 10,
};

interface Started {
  readonly subject: Subject;
  readonly server: ServerProcess;
  /** When idle, after the warm-up with single houses. */
  readonly idleBytes: number;
}

const say = (text: string): void => console.error(text);
const running = new Set<ServerProcess>();
const notRun: Record<string, string> = {};

async function main(models: Models): Promise<void> {
  const before = provenance();
  const ready: { subject: Subject; bin: string }[] = [];
  for (const subject of subjects(models)) {
    if (subject.environment !== undefined && !flags.peers) continue;
    try {
      const bin = subject.environment ? await pythonEnvironment(subject.environment, flags.python) : '';
      ready.push({ subject, bin });
    } catch (error) {
      notRun[subject.title] = `its environment could not be made: ${messageOf(error)}`;
    }
  }
  const rounds: Measured[][] = [];
  for (let number = 0; number < plan.rounds; number += 1) {
    say(`Round ${number + 1} of ${plan.rounds}`);
    const measured: Measured[] = [];
    for (const stage of stages) {
      if ((flags.only ?? stage.id) === stage.id) measured.push(...(await measureStage(stage, number, ready)));
      await stopAll();
    }
    rounds.push(measured);
  }
  write({ ...before, plan, notRun, rounds });
}

/** Starts the servers of a stage and gives each the same cases, in turn. */
async function measureStage(
  { cases, subjects: asked }: Stage,
  number: number,
  ready: readonly { subject: Subject; bin: string }[],
): Promise<Measured[]> {
  const started: Started[] = [];
  for (const { subject, bin } of rotated(ready, number)) {
    if (notRun[subject.title] !== undefined || !asked.includes(subject.id)) continue;
    try {
      started.push(await start(subject, bin, new Set(cases.flatMap(({ protocols }) => protocols))));
    } catch (error) {
      // A peer may fail on this machine, but without one of our servers, the comparison is useless.
      if (subject.environment === undefined) throw new Error(`${subject.title}: ${messageOf(error)}`, { cause: error });
      notRun[subject.title] = messageOf(error);
    }
  }
  const measured: Measured[] = [];
  for (const [index, one] of cases.entries()) {
    say(`  ${one.title}`);
    const serving = started.filter(({ subject: { models = [one.work.model] } }) => models.includes(one.work.model));
    const asked = serving.flatMap((server) =>
      server.subject.protocols.flatMap((protocol) =>
        one.protocols.includes(protocol.id) ? [{ server, protocol }] : [],
      ),
    );
    for (const { server, protocol } of asked) await ask(protocol.exchange(one.work), server.server.port);
    const tasks = asked.map(
      ({ server, protocol }) =>
        () =>
          takeTurn(server, protocol, one),
    );
    for (const [at, turns] of (await inTurns(tasks, plan.turns, number + index)).entries())
      measured.push(together(turns, asked[at]!.server, asked[at]!.protocol, one));
  }
  return measured;
}

async function start(subject: Subject, bin: string, asked: ReadonlySet<string>): Promise<Started> {
  const [first] = subject.protocols;
  const server = await ServerProcess.start(
    (port) => subject.command(port, bin),
    async (port) => {
      try {
        await ask(first!.exchange(housesOf(1)), port);
        return true;
      } catch (error) {
        if (error instanceof WrongAnswerError) throw error;
        return false;
      }
    },
  );
  running.add(server);
  for (const { exchange } of subject.protocols.filter(({ id }) => asked.has(id))) {
    await ask(exchange(housesOf(1)), server.port);
    await warmUp(loadOf(exchange(housesOf(1)), server.port, 64), plan.warmUpSeconds);
  }
  return { subject, server, idleBytes: server.usage().rssBytes };
}

interface Turn {
  readonly sample: Sample;
  readonly peakBytes: number;
  /** Rows that Nestor predicted meanwhile, and runs of the model for them. */
  readonly rows: number;
  readonly runs: number;
}

async function takeTurn({ subject, server }: Started, protocol: Protocol, one: Case): Promise<Turn> {
  const before = await runsOf(subject, server, one.work);
  forgetPeak(server.pid);
  const load = loadOf(protocol.exchange(one.work), server.port, one.callers);
  const taken = await sample(server, load, plan.seconds / plan.turns);
  const peak = peakBytes(server.pid);
  const after = await runsOf(subject, server, one.work);
  return { sample: taken, peakBytes: peak, rows: after.rows - before.rows, runs: after.runs - before.runs };
}

function together(turns: readonly Turn[], { subject, idleBytes }: Started, protocol: Protocol, one: Case): Measured {
  const sum = (figure: 'rows' | 'runs'): number => turns.reduce((so, turn) => so + turn[figure], 0);
  return {
    ...summarise(turns.map((turn) => turn.sample)),
    case: one.id,
    subject: subject.id,
    title: `${subject.title}, ${protocol.title}`,
    protocol: protocol.id,
    bodyBytes: protocol.exchange(one.work).body.length,
    grownBytes: Math.max(...turns.map((turn) => turn.peakBytes)) - idleBytes,
    ...(subject.id === 'nestor' && { requestsARun: sum('rows') / sum('runs') / one.work.shape[0]! }),
  };
}

/** Nestor's own statistics. */
async function runsOf(
  { id }: Subject,
  { port }: ServerProcess,
  { model }: Work,
): Promise<{ rows: number; runs: number }> {
  if (id !== 'nestor') return { rows: 0, runs: 0 };
  const response = await fetch(`http://127.0.0.1:${port}/v2/models/${model}/stats`);
  const { model_stats } = (await response.json()) as {
    model_stats: { inference_count: number; execution_count: number }[];
  };
  const { inference_count: rows, execution_count: runs } = model_stats[0]!;
  return { rows, runs };
}

function loadOf(exchange: Exchange, port: number, callers: number): (extent: Extent) => Load {
  const { over, path, headers, body } = exchange;
  if (over === 'grpc') {
    const request = { address: `127.0.0.1:${port + 1}`, path, message: body };
    return (extent) => startGrpcLoad(request, callers, extent);
  }
  return (extent) => startHttpLoad({ url: `http://127.0.0.1:${port}${path}`, headers, body }, callers, extent);
}

/** @throws Error if there is no answer, or a wrong one */
async function ask({ over, path, headers, body, check }: Exchange, port: number): Promise<void> {
  if (over === 'grpc') check(await call(path, body, port + 1));
  else {
    const url = `http://127.0.0.1:${port}${path}`;
    const response = await fetch(url, { method: 'POST', headers: { ...headers, connection: 'close' }, body });
    const answer = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`it answers ${response.status}: ${answer.toString('utf8', 0, 200)}`);
    check(answer);
  }
}

async function call(path: string, message: Buffer, port: number): Promise<Buffer> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
    'grpc.use_local_subchannel_pool': 1,
  });
  const same = (bytes: Buffer): Buffer => bytes;
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, same, same, message, (error, answer) => (error ? reject(error) : resolve(answer!)));
    });
  } finally {
    client.close();
  }
}

function write(result: Result): void {
  const folder = 'benchmarks/results';
  const name = flags.name ?? (flags.peers ? 'protocols-peers' : 'protocols');
  mkdirSync(folder, { recursive: true });
  const markdown = report(result);
  writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(result, undefined, 1)}\n`);
  writeFileSync(`${folder}/${name}.md`, markdown);
  process.stdout.write(markdown);
  say(`Written: ${folder}/${name}.md and .json`);
}

async function stopAll(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
  running.clear();
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const repository = mkdtempSync(join(tmpdir(), 'benchmark-'));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stopAll().finally(() => process.exit(130)));
try {
  cpSync('models/housing', join(repository, 'housing'), { recursive: true });
  cpSync('test/models/image', join(repository, 'image'), { recursive: true });
  const fileOf = (name: string): string => resolve(repository, name, '1/model.onnx');
  await main({ repository, housing: fileOf('housing'), image: fileOf('image') });
} finally {
  await stopAll();
  rmSync(repository, { recursive: true, force: true });
}
