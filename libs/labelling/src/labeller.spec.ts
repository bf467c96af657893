import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { RowReader } from '#features';
import { CsvTable } from './csv-table.ts';
import { type Labelled, Labeller } from './labeller.ts';
import type { Row } from './row.ts';
import { modelAt, plusOne } from './testing/models.fixture.ts';

const rowsOf = (...texts: string[]): Row[] => texts.map((text, at) => ({ text, line: at + 2, fault: undefined }));
const headed = (text: string): Row => ({ text, line: 1, fault: undefined });
const predictions = ({ labels }: Labelled): unknown[] => labels.map((label) => label?.prediction);

describe('Labeller', () => {
  it('labels the rows that can be labelled, and says of the others why, each in its place', async () => {
    const model = await plusOne();
    const labeller = new Labeller(model, new CsvTable(headed('x'), model));
    const labelled = await labeller.label(rowsOf('1', 'two', '3', '4,4'));
    expect(predictions(labelled)).toEqual([2, undefined, 4, undefined]);
    expect(labelled.bad.map(({ at, row, issues }) => [at, row.line, issues])).toEqual([
      [1, 3, [{ field: 'x', detail: 'x is the string "two"; a number is expected' }]],
      [3, 5, [{ field: '', detail: 'has 2 values; 1 are expected' }]],
    ]);
  });

  it('finds bad rows beyond what one reading lists', async () => {
    const model = await plusOne();
    const labeller = new Labeller(model, new CsvTable(headed('x'), model));
    const rows = Array.from({ length: 1000 }, (_, at) => (at % 3 === 0 ? String(at) : 'no'));
    const { labels, bad } = await labeller.label(rowsOf(...rows));
    expect(labels.map((label) => label !== undefined)).toEqual(rows.map((row) => row !== 'no'));
    expect(bad.map(({ at }) => at)).toEqual([...rows.keys()].filter((at) => rows[at] === 'no'));
  });

  it('reads pictures of different sizes once', async () => {
    const model = await modelAt('test/models/detectors/yolov8-any-size');
    const sizes = [64, 96, 64, 96];
    const pictures = await Promise.all(
      sizes.map((width) =>
        sharp({ create: { width, height: 64, channels: 3, background: 'red' } })
          .png()
          .toBuffer(),
      ),
    );
    let reads = 0;
    const form = {
      read: (rows: readonly Row[]) => {
        reads += 1;
        return model.images!.read(
          rows.map(({ text }) => pictures[Number(text)]!),
          () => false,
        );
      },
    };
    const { labels, bad } = await new Labeller(model, form).label(rowsOf('0', '1', '2', '3'));
    expect([reads, bad, labels.length]).toEqual([1, [], 4]);
    expect(labels.every((label) => label !== undefined)).toBe(true);
  });

  it('reads fewer rows at once where so many are too many', async () => {
    const model = await plusOne();
    const reader = new RowReader(model.features, model.signature, { maxRows: 2 });
    const form = { read: (rows: readonly Row[]) => reader.readRecords(rows.map(({ text }) => ({ x: Number(text) }))) };
    const labelled = await new Labeller(model, form).label(rowsOf('1', '2', '3', '4', '5'));
    expect(predictions(labelled)).toEqual([2, 3, 4, 5, 6]);
  });

  it('leaves only those without a label that the model fails on', async () => {
    const model = await modelAt('test/models/fails-on-value');
    const { name } = model.features[0]!;
    const labeller = new Labeller(model, new CsvTable(headed(name), model));
    const { labels, bad } = await labeller.label(rowsOf('1', '77', '2', '0', '99'));
    expect(labels.map((label) => label === undefined)).toEqual([false, true, false, false, true]);
    expect(bad.map(({ at, failure, issues }) => [at, failure?.code, issues])).toEqual([
      [1, 'INPUT_REFUSED', []],
      [4, 'INPUT_REFUSED', []],
    ]);
  });

  it('waits for room in the queue, and says of the rows that they had none in time', async () => {
    const model = await modelAt('test/models/slow', {
      execution: 'pool',
      workers: 1,
      maxQueuedBytes: 1,
    });
    const table = new CsvTable(headed('milliseconds'), model);
    const busy = new Labeller(model, table).label(rowsOf('200'));
    await turn();
    const patient = new Labeller(model, table).label(rowsOf('1'));
    const hurried = await new Labeller(model, table, { timeoutMs: 5 }).label(rowsOf('1'));
    expect(hurried.bad.map(({ failure }) => failure!.code)).toEqual(['QUEUE_FULL']);
    for (const { bad } of await Promise.all([busy, patient])) expect(bad).toEqual([]);
  });

  it('gives up where nobody wants the labels any more', async () => {
    const model = await plusOne();
    const labeller = new Labeller(model, new CsvTable(headed('x'), model), { gone: () => true });
    await expect(labeller.label(rowsOf('1'))).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('runs each row by itself where rows have no dimension of their own', async () => {
    const model = await modelAt('test/models/scalars');
    expect(model.rows.kind).toBe('none');
    const form = { read: (rows: readonly Row[]) => model.reader.readRecords(rows.map(({ text }) => JSON.parse(text))) };
    const record = JSON.stringify({ x: [1, 2, 3], factor: 2 });
    const { labels, bad } = await new Labeller(model, form).label(rowsOf(record, record));
    expect(bad).toEqual([]);
    expect(labels[0]).toEqual(labels[1]);
  });
});
