import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { recordOf } from '#csv';
import { RowReader } from '#features';
import { type ModelVersion, readCpuLimit } from '#engine';
import { type BadRow, labelBatches, type Labelled, Labeller, placeOf } from '#labelling';
import { EXIT, type ExitCode, Failure, UsageError } from '../exit.ts';
import { modelAt, type OpenedModel, openModel } from '../models.ts';
import { rounded } from '../terminal.ts';
import type { PredictOptions } from './command.ts';
import { CsvData } from './csv-data.ts';
import type { DataSet, RowBatch } from './data-set.ts';
import { JsonLines } from './json-lines.ts';
import { Output, type OutputPaths } from './output.ts';
import { Pictures } from './pictures.ts';
import { inTime, ProgressBar } from './progress-bar.ts';
import { type Sink, STANDARD_OUTPUT, StandardOutput } from './sink.ts';

/** How many batches are read ahead of the model. A batch that is read early takes memory for longer. */
const AHEAD = 1;
/** The maximum number of rows per run, high enough that the fixed cost of a run does not matter. */
const RUN_ROWS = 1024;
/** About the time to read and write a row of a few numbers. A faster model is not worth a worker's memory. */
const LIGHT_ROW_MS = 0.005;
/** The formats that the output shares with its input. Any other output is CSV. */
const FORMS = [
  { endings: ['.jsonl', '.ndjson'], name: 'JSON Lines' },
  { endings: ['.parquet'], name: 'Parquet' },
] as const;
const CSV = { endings: ['.csv'], name: 'CSV' } as const;

/** Predicts all rows of a file, or all pictures of a folder, and writes them with their predictions. */
export async function predict(path: string, options: PredictOptions): Promise<ExitCode> {
  const paths = pathsOf(options);
  if (paths.resume && existsSync(paths.output)) {
    process.stderr.write(`${paths.output} is complete: nothing is left to do.\n`);
    return EXIT.ok;
  }
  // Rows become garbage as fast as they are read. V8 would grow the space for young objects to its maximum, which takes
  // 30 to 60 MB more and saves 10 to 20 % of the CPU time.
  setFlagsFromString('--semi-space-growth-factor=1');
  const found = await modelAt(path);
  const { model, close } = await openForLabelling(path, options.modelVersion);
  try {
    const data = await openData(options.input, model);
    try {
      const run = [data.identity, model.source.digest, found.manifest ?? '', model.version].join('\0');
      const output =
        paths.output === STANDARD_OUTPUT
          ? await StandardOutput.open(data.head)
          : await Output.open(paths, createHash('sha256').update(run).digest('hex'), data.head);
      return await new Run(model, data, output, options, paths).finish();
    } finally {
      await data.close();
    }
  } finally {
    await close();
  }
}

function pathsOf({ input, output, errors, resume = false, force = false }: PredictOptions): OutputPaths {
  if (!existsSync(input)) throw new UsageError(`There is nothing at ${input}. Check --input.`);
  if (resolve(input) === resolve(output)) throw new UsageError('--input and --output are the same file.');
  const form = formOf(input);
  if (output === STANDARD_OUTPUT) {
    if (form.name === 'Parquet')
      throw new UsageError('Parquet cannot go to standard output. Give --output a file name.');
    if (resume || errors !== undefined)
      throw new UsageError('--resume and --errors need an output file. Give --output a file name instead of -.');
  } else if (form !== formOf(output)) {
    throw new UsageError(
      `The output has the format of its input, ${input}. Give --output a name that ends in ${form.endings[0]}.`,
    );
  }
  if (resume && form.name === 'Parquet')
    throw new UsageError('A Parquet file cannot be continued. Start again with --force instead of --resume.');
  const stem = output.slice(0, output.length - extname(output).length);
  return { output, errors: errors ?? `${stem}.errors.csv`, resume, force };
}

function formOf(path: string): (typeof FORMS)[number] | typeof CSV {
  const ending = extname(path).toLowerCase();
  return FORMS.find(({ endings }) => endings.some((one) => one === ending)) ?? CSV;
}

/**
 * Loads the model as the server would, but for long runs of many rows. Cheap runs stay on the main thread, between
 * reads and writes. Others go to worker threads, each of which takes the memory of the model and of a heap.
 */
async function openForLabelling(path: string, version: string | undefined): Promise<OpenedModel> {
  const { cpus } = await readCpuLimit();
  const options = {
    maxBatchRows: RUN_ROWS,
    // The number of batches read ahead bounds the queue.
    maxQueueMs: Infinity,
    maxQueuedBytes: Number.MAX_SAFE_INTEGER,
  };
  const opened = await openModel(path, { ...options, execution: 'inline' }, version);
  const msPerRow = Math.min(...Object.values(opened.model.timings.msPerRow));
  if (cpus < 2 || msPerRow <= LIGHT_ROW_MS) return opened;
  await opened.close();
  return openModel(path, { ...options, execution: 'pool' }, version);
}

async function openData(input: string, model: ModelVersion): Promise<DataSet> {
  if (statSync(input).isDirectory()) {
    if (model.images !== undefined) return Pictures.open(input, model);
    throw new UsageError(
      `${input} is a folder, but ${model.name} does not take pictures. Give --input a .csv, .jsonl or .parquet file.`,
    );
  }
  const { name } = formOf(input);
  if (name === 'CSV') return CsvData.open(input, model);
  if (name === 'Parquet') {
    // Imported only here, since no other format needs the Parquet library.
    const { ParquetData } = await import('./parquet/parquet-data.ts');
    return ParquetData.open(input, model);
  }
  // This file decides how many rows are read together; the limit of a request does not apply.
  const { emptyDimensions } = model.limits;
  const hasRows = model.rows.kind !== 'none';
  const reader = new RowReader(model.features, model.signature, { maxRows: Infinity, emptyDimensions, hasRows });
  return JsonLines.open(input, reader, model.writer.keys);
}

/** One pass through the data, from where the output ends to the end of the data. */
class Run {
  readonly #data: DataSet;
  readonly #output: Sink;
  readonly #options: PredictOptions;
  readonly #paths: OutputPaths;
  readonly #labeller: Labeller;
  readonly #atOnce: number;
  readonly #bar: ProgressBar;
  #stopped = false;
  #warning: string | undefined;
  #remark: string | undefined;

  constructor(model: ModelVersion, data: DataSet, output: Sink, options: PredictOptions, paths: OutputPaths) {
    this.#data = data;
    this.#output = output;
    this.#options = options;
    this.#paths = paths;
    this.#labeller = new Labeller(model, data, { ofAllClasses: data.ofAllClasses });
    this.#atOnce = AHEAD + Math.max(1, model.execution.workers);
    this.#bar = new ProgressBar(output.progress.rows, this.#part);
  }

  get #isStandard(): boolean {
    return this.#paths.output === STANDARD_OUTPUT;
  }

  /** Whether a later run can continue where this one ended. */
  get #canContinue(): boolean {
    return !this.#isStandard && this.#data.take === undefined;
  }

  get #part(): number {
    return this.#data.size === 0 ? 1 : Math.min(1, this.#output.progress.input / this.#data.size);
  }

  async finish(): Promise<ExitCode> {
    const stop = (): void => void (this.#stopped = true);
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const rowsBefore = this.#output.progress.rows;
    try {
      await this.#all();
    } catch (error) {
      await this.#giveUp(error);
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      this.#bar.clear();
    }
    if (this.#stopped && !this.#canContinue) {
      await this.#output.discard();
      if (this.#isStandard) throw new Failure(`Stopped after ${this.#output.progress.rows} rows.`);
      throw new Failure(
        `Stopped after ${this.#output.progress.rows} rows. No Parquet file was written, since a part of one is not valid.`,
      );
    }
    if (this.#stopped) {
      await this.#output.save();
      await this.#output.close();
      throw new Failure(`Stopped after ${this.#output.progress.rows} rows. Continue with --resume.`);
    }
    await this.#output.finish();
    this.#report(rowsBefore);
    const { rows, badRows } = this.#output.progress;
    // A run that labelled nothing must not look like a success to a script.
    return rows > 0 && badRows === rows ? EXIT.failure : EXIT.ok;
  }

  /** Reads ahead while the model runs, and writes in order. */
  async #all(): Promise<void> {
    const { input, line } = this.#output.progress;
    const batches = this.#untilStopped(this.#data.batches(input, line));
    for await (const { batch, labelled } of labelBatches(batches, this.#labeller, this.#atOnce))
      await this.#write(batch, labelled);
    if (!this.#stopped && this.#data.take !== undefined)
      await this.#output.add(this.#data.take(true), '', this.#output.progress);
  }

  /** After a stop, batches that were already read are still labelled and written. */
  async *#untilStopped(batches: AsyncIterable<RowBatch>): AsyncGenerator<RowBatch, void, void> {
    for await (const batch of batches) {
      yield batch;
      if (this.#stopped) return;
    }
  }

  async #write({ rows, end, nextLine }: RowBatch, { labels, bad, warning, remark }: Labelled): Promise<void> {
    const { progress } = this.#output;
    if (this.#options.strict && bad[0] !== undefined) {
      const { row } = bad[0];
      const [{ field, detail } = { field: '', detail: '' }] = issuesOf(bad[0]);
      const written = this.#isStandard ? `Only the rows before its batch were written` : 'Nothing was written';
      throw new Failure(`${this.#options.input}: ${placeOf(row)}: ${detail || field}. ${written} (--strict).`);
    }
    const badAt = new Map(bad.map((one) => [one.at, one]));
    let text = '';
    for (let at = 0; at < rows.length; at += 1) text += this.#data.write(rows[at]!, labels[at], badAt.get(at));
    let errors = '';
    for (const one of bad) {
      const { row, at } = one;
      const place = [progress.rows + at, row.line === 0 ? '' : row.line];
      for (const { field, detail } of issuesOf(one)) {
        // The name of a picture tells the user which one it was.
        const where = row.line === 0 && field === '' ? row.text : field;
        errors += `${recordOf([...place, where, detail])}\n`;
      }
    }
    this.#warning ??= warning;
    this.#remark ??= remark;
    await this.#output.add(this.#data.take?.(false) ?? text, errors, {
      rows: progress.rows + rows.length,
      badRows: progress.badRows + bad.length,
      input: end,
      line: nextLine,
    });
    // If rows appear on the terminal, a bar would stand between them.
    if (!this.#isStandard || !process.stdout.isTTY) this.#bar.show(this.#output.progress.rows, this.#part);
  }

  /** Keeps output that a later run can continue, and rethrows the error. */
  async #giveUp(error: unknown): Promise<never> {
    if (this.#options.strict || !this.#canContinue || this.#output.progress.rows === 0) {
      await this.#output.discard();
    } else {
      await this.#output.save();
      await this.#output.close();
      const { rows } = this.#output.progress;
      process.stderr.write(
        `The ${rows} rows before the error are kept. Continue with --resume after you fix its cause.\n`,
      );
    }
    throw error;
  }

  #report(rowsBefore: number): void {
    const { rows, badRows } = this.#output.progress;
    const { output, errors } = this.#paths;
    const { seconds } = this.#bar;
    const unused = [...this.#data.unused];
    const told = this.#isStandard ? process.stderr : process.stdout;
    if (this.#options.json) {
      const rowsPerSecond = Math.round((rows - rowsBefore) / seconds);
      const summary = {
        rows,
        badRows,
        seconds,
        rowsPerSecond,
        output,
        ...(badRows > 0 && !this.#isStandard && { errors }),
        unused,
      };
      told.write(`${JSON.stringify(summary)}\n`);
      return;
    }
    const rate = `${rounded((rows - rowsBefore) / seconds)} rows/s`;
    told.write(
      `${this.#isStandard ? 'Standard output' : output}: ${rounded(rows)} rows, ${inTime(seconds)} (${rate})\n`,
    );
    const say = (text: string): void => void process.stderr.write(`${text}\n`);
    const where = this.#isStandard ? 'write to a file to get a report of them' : `${errors} says which and why`;
    if (badRows > 0) say(`${rounded(badRows)} rows could not be predicted: ${where}.`);
    if (unused.length > 0) say(`Not used by the model: ${unused.slice(0, 20).join(', ')}.`);
    if (this.#remark !== undefined) say(`${this.#remark}.`);
    if (this.#warning !== undefined) say(`Some values are unusual. The first: ${this.#warning}`);
  }
}

/** What is wrong with a row, or the runtime's message if its run failed. */
function issuesOf({ issues, failure }: BadRow): BadRow['issues'] {
  if (failure === undefined) return issues;
  const { cause, message } = failure;
  return [{ field: '', detail: `The model failed: ${cause instanceof Error ? cause.message : message}` }];
}
