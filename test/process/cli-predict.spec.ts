import {
  appendFileSync,
  cpSync,
  linkSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { recordOf } from '#csv';
import { encoded, FORMS } from '../../libs/csv/src/testing/encoded.fixture.ts';
import type { Detection } from '#detections';
import { nestor, startNestor, temporaryFolder } from './nestor.ts';

interface Golden {
  readonly records: readonly any[];
  readonly prediction: readonly any[];
  readonly probabilities?: readonly Record<string, number>[];
}

const goldenIn = (path: string): Golden => JSON.parse(readFileSync(path, 'utf8')) as Golden;
const goldenOf = (model: string): Golden => goldenIn(`models/${model}/training/golden.json`);
const tableOf = (path: string): Record<string, string>[] => parse(readFileSync(path, 'utf8'), { columns: true });

const HEADER = 'CHAS,RM,TAX,PTRATIO,B,LSTAT';
const HOUSE = '0,6.575,296,15.3,396.9,4.98';

describe('nestor predict', () => {
  it("labels a CSV file with the training framework's prices, row by row, and keeps all columns", async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'houses.csv'), join(folder, 'labelled.csv')];
    const { records, prediction } = goldenOf('housing');
    const names = Object.keys(records[0]);
    const lines = records.map((record, at) => [`"house, ${at}"`, ...names.map((name) => record[name])].join(','));
    writeFileSync(input, `\uFEFFid,${names.join(',')}\r\n${lines.join('\r\n')}\r\n`);
    const { code, stdout, stderr } = await nestor('predict', 'models/housing', '-i', input, '-o', output, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ rows: records.length, badRows: 0, output, unused: ['id'] });
    const labelled = tableOf(output);
    expect(labelled.map((row) => row['\uFEFFid'] ?? row['id'])).toEqual(records.map((_, at) => `house, ${at}`));
    const off = labelled.filter((row, at) => !(Math.abs(Number(row['prediction']) / prediction[at] - 1) < 1e-4));
    expect(off).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['houses.csv', 'labelled.csv']);
  });

  it('labels a table the same way with any separator and encoding, and keeps the separator', async () => {
    const folder = temporaryFolder();
    const { records, prediction } = goldenOf('wine');
    const rows = [
      ['note', ...Object.keys(records[0])],
      ...records.map((row) => ['a,b;c\td', ...Object.values<number>(row)]),
    ];
    for (const [at, form] of FORMS.entries()) {
      const delimiter = [',', ';', '\t'][at % 3]!;
      const [input, output] = [join(folder, `wine${at}.csv`), join(folder, `labelled${at}.csv`)];
      writeFileSync(input, encoded(rows.map((row) => `${recordOf(row, delimiter)}\r\n`).join(''), form));
      const ended = await nestor('predict', 'models/wine', '-i', input, '-o', output);
      expect(ended).toMatchObject({ code: 0, stderr: 'Not used by the model: note.\n' });
      const labelled: Record<string, string>[] = parse(readFileSync(output), { columns: true, bom: true, delimiter });
      expect(labelled.map((row) => [row['note'], row['prediction']])).toEqual(
        prediction.map((label) => ['a,b;c\td', label]),
      );
    }
  });

  it.each(['houses.csv', 'houses.jsonl'])('says that %s is a Parquet file under another name', async (name) => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, name), join(folder, `labelled-${name}`)];
    cpSync('test/process/tables/houses.parquet', input);
    const { code, stderr } = await nestor('predict', 'models/housing', '-i', input, '-o', output);
    expect([code, stderr]).toEqual([
      1,
      `nestor: ${input}, line 1 is the start of a Parquet file. Save it as CSV, or label it with nestor predict under a ` +
        'name that ends in .parquet.\n',
    ]);
  });

  it('labels with the version that was asked for, and names those that there are', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'x.csv'), join(folder, 'labelled.csv')];
    writeFileSync(input, 'x\n1\n');
    const predict = (...version: string[]) =>
      nestor('predict', 'test/models/two-versions', '-i', input, '-o', output, '--force', ...version);
    for (const [version, prediction] of [
      [[], '3'],
      [['--model-version', '1'], '2'],
      [['--model-version', '2'], '3'],
    ] as const) {
      expect(await predict(...version)).toMatchObject({ code: 0, stderr: '' });
      expect(tableOf(output)).toEqual([{ x: '1', prediction }]);
    }
    const { code, stderr } = await predict('--model-version', '3');
    expect([code, stderr]).toEqual([1, 'nestor: two-versions has no version "3"; it serves 2, 1.\n']);
  });

  it('ends with exit code 1 if no row could be predicted', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'houses.csv'), join(folder, 'labelled.csv')];
    writeFileSync(input, `${HEADER}\n0,six,296,15.3,396.9,4.98\n`);
    const { code, stderr } = await nestor('predict', 'models/housing', '-i', input, '-o', output);
    expect([code, stderr]).toEqual([1, expect.stringContaining('could not be predicted')]);
    writeFileSync(input, `${HEADER}\n0,six,296,15.3,396.9,4.98\n${HOUSE}\n`);
    expect(await nestor('predict', 'models/housing', '-i', input, '-o', output, '--force')).toMatchObject({ code: 0 });
  });

  it('takes the columns of a file by position for a model that names none, and says so', async () => {
    const folder = temporaryFolder();
    const model = join(folder, 'model.onnx');
    cpSync('test/models/sklearn-classifier/1/model.onnx', model);
    const { records, prediction } = goldenIn('test/models/sklearn-classifier/golden.json');
    const names = Object.keys(records[0]);
    const lines = records.map((record) => names.map((name) => record[name]).join(','));
    for (const [form, rows] of [
      ['csv', [names.join(','), ...lines]],
      ['jsonl', ['\uFEFF{"a":1}', ...records.map((record) => JSON.stringify(record))]],
    ] as const) {
      const [input, output] = [join(folder, `flowers.${form}`), join(folder, `labelled.${form}`)];
      writeFileSync(input, `${rows.join('\n')}\n`);
      const { code, stderr } = await nestor('predict', model, '-i', input, '-o', output);
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringContaining(`X takes the columns ${names.join(', ')} in this order, by position`),
      });
      const labelled =
        form === 'csv'
          ? tableOf(output)
          : readFileSync(output, 'utf8')
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(labelled.slice(-records.length).map((row) => row['prediction'])).toEqual(prediction);
    }
    expect(readFileSync(join(folder, 'labelled.errors.csv'), 'utf8')).toContain('X takes 4 columns by position');
  });

  it('reports every bad row, however many, and labels the others', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'houses.csv'), join(folder, 'labelled.csv')];
    const BAD = [
      '0,x,296,15.3,396.9,4.98',
      '0,6.575,296',
      '0,"6.5"75,296,15.3,396.9,4.98',
      ',,,,,',
      '0,1e99,296,15.3,396.9,4.98',
    ];
    const lines = Array.from({ length: 5000 }, (_, at) => (at % 7 === 3 ? HOUSE : BAD[at % BAD.length]!));
    writeFileSync(input, `${HEADER}\n${lines.join('\n')}`);
    const { code, stdout } = await nestor('predict', 'models/housing', '-i', input, '-o', output, '--json');
    expect(code).toBe(0);
    const bad = lines.flatMap((line, at) => (line === HOUSE ? [] : [at]));
    expect(JSON.parse(stdout)).toMatchObject({ rows: 5000, badRows: bad.length });
    const reported = tableOf(join(folder, 'labelled.errors.csv'));
    expect([...new Set(reported.map(({ row }) => Number(row)))]).toEqual(bad);
    expect(reported.find(({ row }) => row === '0')).toMatchObject({ line: '2', field: 'RM' });
    expect(reported.every(({ error }) => error !== '')).toBe(true);
    // Whatever came in, what goes out is a table whose rows any reader takes.
    const labelled = tableOf(output);
    expect(labelled).toHaveLength(5000);
    expect(labelled.flatMap(({ prediction }, at) => (prediction === '' ? [at] : []))).toEqual(bad);
    expect(labelled[2]).toMatchObject({ CHAS: BAD[2], RM: '', prediction: '' });
  });

  it('loses only the row with an extra quote, however far the next quote is', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'houses.csv'), join(folder, 'labelled.csv')];
    const lines = Array.from(
      { length: 56 },
      (_, at) => `${at === 5 ? '"' : ''}${HOUSE},${at === 50 ? '"two\nlines"' : ''}`,
    );
    writeFileSync(input, `${HEADER},note\n${lines.join('\n')}\n`);
    const { code, stdout } = await nestor('predict', 'models/housing', '-i', input, '-o', output, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 56, badRows: 1 });
    expect(tableOf(join(folder, 'labelled.errors.csv'))).toMatchObject([{ row: '5', line: '7' }]);
    expect(tableOf(output).map(({ prediction }) => prediction === '')).toEqual(lines.map((_, at) => at === 5));
  });

  it('accepts a header of any length', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'houses.csv'), join(folder, 'labelled.csv')];
    const others = Array.from({ length: 5000 }, (_, at) => `column ${at}`);
    writeFileSync(input, `${HEADER},${others.join(',')}\n${HOUSE}${','.repeat(5000)}\n`);
    const { stdout } = await nestor('predict', 'models/housing', '-i', input, '-o', output, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ rows: 1, badRows: 0 });
  });

  it('isolates rows on which the model fails', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')];
    const { inputs } = JSON.parse(readFileSync('test/models/fails-on-value/golden.json', 'utf8'));
    const { name } = inputs[0];
    writeFileSync(input, [1, 2, 999, 3].map((value) => JSON.stringify({ [name]: value })).join('\n'));
    const ended = await nestor('predict', 'test/models/fails-on-value', '-i', input, '-o', output);
    expect(ended).toMatchObject({ code: 0 });
    const lines = readFileSync(output, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ prediction }) => prediction === null)).toEqual([false, false, true, false]);
    expect(tableOf(join(folder, 'out.errors.csv'))).toMatchObject([{ row: '2', line: '3' }]);
  });

  it('--strict stops at the first bad row and leaves nothing', async () => {
    const folder = temporaryFolder();
    const input = join(folder, 'houses.csv');
    writeFileSync(input, `${HEADER}\n${HOUSE}\n0,x,296,15.3,396.9,4.98\n`);
    const args = ['predict', 'models/housing', '-i', input, '-o', join(folder, 'labelled.csv'), '--strict'];
    const { code, stderr } = await nestor(...args);
    expect(code).toBe(1);
    expect(stderr).toContain('line 3: RM');
    expect(readdirSync(folder)).toEqual(['houses.csv']);
  });

  it.each([
    ['a column that is missing', 'CHAS,RM\n0,6\n', 'TAX is missing'],
    ['a column that is misspelt', `${HEADER.toLowerCase()}\n${HOUSE}\n`, 'did you mean'],
    ['no row at all', '', 'is empty'],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(`${HEADER}\n${HOUSE}\n`), Buffer.from([0xff])]), 'UTF-8'],
  ])('reports what is wrong with the file as a whole: %s', async (_, content, said) => {
    const folder = temporaryFolder();
    const input = join(folder, 'houses.csv');
    writeFileSync(input, content);
    const { code, stderr } = await nestor('predict', 'models/housing', '-i', input, '-o', join(folder, 'labelled.csv'));
    expect(code).toBe(1);
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(folder)).toEqual(['houses.csv']);
  });

  it('labels JSON Lines with probabilities, and keeps members that the model does not take', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'wine.jsonl'), join(folder, 'labelled.jsonl')];
    const { records, prediction, probabilities } = goldenOf('wine');
    const lines = records.map((record, at) => JSON.stringify({ bottle: at, ...record }));
    writeFileSync(input, [...lines, 'no JSON', '[]', '{}'].join('\n'));
    const ended = await nestor('predict', 'models/wine', '-i', input, '-o', output);
    expect(ended).toMatchObject({ code: 0 });
    const labelled = readFileSync(output, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(labelled).toHaveLength(records.length + 3);
    for (const [at, expected] of prediction.entries()) {
      expect(labelled[at]).toMatchObject({ bottle: at, prediction: expected });
      for (const [label, p] of Object.entries(probabilities![at]!))
        expect(labelled[at].probabilities[label]).toBeCloseTo(p, 4);
    }
    expect(labelled.slice(-3)).toEqual(Array(3).fill({ prediction: null }));
    const report = tableOf(join(folder, 'labelled.errors.csv'));
    expect([...new Set(report.map(({ line }) => Number(line)))]).toEqual([1, 2, 3].map((at) => records.length + at));
  });

  it('gives a CSV file the label and its probability', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'wine.csv'), join(folder, 'labelled.csv')];
    const { records, prediction, probabilities } = goldenOf('wine');
    const names = Object.keys(records[0]);
    const lines = records.map((record) => ['', ...names.map((name) => record[name])].join(','));
    writeFileSync(input, `prediction,${names.join(',')}\n${lines.join('\n')}\n`);
    expect(await nestor('predict', 'models/wine', '-i', input, '-o', output)).toMatchObject({ code: 0 });
    const labelled = tableOf(output);
    expect(labelled.map((row) => row['prediction_2'])).toEqual(prediction);
    for (const [at, row] of labelled.entries())
      expect(Number(row['probability'])).toBeCloseTo(probabilities![at]![prediction[at]]!, 4);
  });

  it('labels a folder of pictures, and reports files that are not pictures', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'scans'), join(folder, 'digits.csv')];
    mkdirSync(join(input, 'below'), { recursive: true });
    const { records, prediction } = goldenOf('digits');
    for (const [at, { pixels }] of records.slice(0, 12).entries()) {
      const raw = sharp(Buffer.from(pixels), { raw: { width: 28, height: 28, channels: 1 } });
      await raw.png().toFile(join(input, at < 6 ? `${10 + at}.png` : `below/${10 + at}.png`));
    }
    writeFileSync(join(input, 'broken.png'), 'no picture');
    writeFileSync(join(input, 'notes.txt'), 'not read');
    expect(await nestor('predict', 'models/digits', '-i', input, '-o', output)).toMatchObject({ code: 0 });
    const labelled = Object.fromEntries(tableOf(output).map(({ file, ...label }) => [file, label]));
    expect(Object.keys(labelled)).toHaveLength(13);
    for (let at = 0; at < 12; at += 1)
      expect(labelled[at < 6 ? `${10 + at}.png` : `below/${10 + at}.png`]!['prediction']).toBe(String(prediction[at]));
    expect(tableOf(join(folder, 'digits.errors.csv'))).toMatchObject([{ field: 'broken.png' }]);
  });

  it('writes one line per object, and one without a label for a picture without objects', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'pictures'), join(folder, 'objects.csv')];
    cpSync('test/models/detectors/pictures', input, { recursive: true });
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#727272' } })
      .png()
      .toFile(join(input, 'grey.png'));
    const model = 'test/models/detectors/torchvision-ssd';
    expect(await nestor('predict', model, '-i', input, '-o', output)).toMatchObject({ code: 0 });
    const rows = tableOf(output);
    const { detections } = JSON.parse(readFileSync(join(model, 'expected.json'), 'utf8'));
    for (const [file, expected] of Object.entries<Detection[]>(detections)) {
      const found = rows.filter((row) => row['file'] === file);
      expect(found).toHaveLength(expected.length);
      expect(Number(found[0]!['score'])).toBeCloseTo(expected[0]!.score, 2);
      expect(Object.keys(found[0]!)).toEqual(['file', 'label', 'score', 'x', 'y', 'width', 'height']);
    }
    const nothing = { label: '', score: '', x: '', y: '', width: '', height: '' };
    expect(rows.filter(({ file }) => file === 'grey.png')).toEqual([{ file: 'grey.png', ...nothing }]);
  });

  it.each(['detr', 'yolov8-any-size'])(
    'labels pictures of different sizes together, each as alone: %s',
    async (name) => {
      const model = `test/models/detectors/${name}`;
      const input = 'test/models/detectors/pictures';
      const output = join(temporaryFolder(), 'objects.csv');
      expect(await nestor('predict', model, '-i', input, '-o', output)).toMatchObject({ code: 0, stderr: '' });
      const alone = [];
      for (const file of readdirSync(input).sort()) {
        const folder = temporaryFolder();
        mkdirSync(join(folder, 'in'));
        cpSync(join(input, file), join(folder, 'in', file));
        await nestor('predict', model, '-i', join(folder, 'in'), '-o', join(folder, 'out.csv'));
        alone.push(...tableOf(join(folder, 'out.csv')));
      }
      expect(tableOf(output)).toEqual(alone);
    },
  );

  it('labels a folder of any number of large pictures', async () => {
    const folder = temporaryFolder();
    const input = join(folder, 'photos');
    mkdirSync(input);
    const noise = {
      create: {
        width: 2000,
        height: 1500,
        channels: 3,
        background: '#727272',
        noise: { type: 'gaussian', mean: 128, sigma: 90 },
      },
    } as const;
    await sharp(noise).jpeg({ quality: 90 }).toFile(join(input, '0.jpg'));
    for (let at = 1; at < 70; at += 1) linkSync(join(input, '0.jpg'), join(input, `${at}.jpg`));
    const args = ['-i', input, '-o', join(folder, 'objects.csv')];
    expect(await nestor('predict', 'test/models/detectors/yolov8', ...args)).toMatchObject({ code: 0, stderr: '' });
  }, 60_000);

  it.each(['gru', 'lstm'])('takes rows of a model that has no dimension for them: %s', async (name) => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')];
    writeFileSync(input, `${JSON.stringify({ x: [[[1, 2, 3, 4]], [[0, 1, 0, 1]]] })}\n`);
    const ended = await nestor('predict', `test/models/${name}`, '-i', input, '-o', output);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(readFileSync(output, 'utf8')).prediction).toHaveLength(2);
  });

  it('never replaces a file without --force', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'houses.csv'), join(folder, 'labelled.csv')];
    writeFileSync(input, `${HEADER}\n${HOUSE}\n`);
    writeFileSync(output, 'mine');
    const { code, stderr } = await nestor('predict', 'models/housing', '-i', input, '-o', output);
    expect(code).toBe(2);
    expect(stderr).toContain('--force');
    expect(readFileSync(output, 'utf8')).toBe('mine');
    expect(await nestor('predict', 'models/housing', '-i', input, '-o', output, '--force')).toMatchObject({ code: 0 });
    expect(tableOf(output)).toHaveLength(1);
    expect(await nestor('predict', 'models/housing', '-i', input, '-o', input)).toMatchObject({ code: 2 });
  });
});

describe('nestor predict to standard output', () => {
  const wide = `${HOUSE},${'x'.repeat(1000)}\n`;

  it("writes the file's content to standard output, and everything else to standard error", async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'houses.csv'), join(folder, 'labelled.csv')];
    writeFileSync(input, `${HEADER},note\n${wide.repeat(500)}0,six,296,15.3,396.9,4.98,\n`);
    await nestor('predict', 'models/housing', '-i', input, '-o', output);
    const { code, stdout, stderr } = await nestor('predict', 'models/housing', '-i', input, '-o', '-', '--json');
    expect([code, stdout]).toEqual([0, readFileSync(output, 'utf8')]);
    expect(JSON.parse(stderr)).toMatchObject({ rows: 501, badRows: 1, output: '-' });
    const lines = join(folder, 'houses.jsonl');
    writeFileSync(lines, `${JSON.stringify(goldenOf('housing').records[0])}\n`);
    const answered = await nestor('predict', 'models/housing', '-i', lines, '-o', '-');
    expect(JSON.parse(answered.stdout)).toMatchObject({ prediction: expect.any(Number) });
    expect(readdirSync(folder).sort()).toEqual(['houses.csv', 'houses.jsonl', 'labelled.csv', 'labelled.errors.csv']);
  });

  it('ends quietly if the reader closes the pipe', async () => {
    const input = join(temporaryFolder(), 'houses.csv');
    writeFileSync(input, `${HEADER},note\n${wide.repeat(5000)}`);
    const { child, ended } = startNestor(['predict', 'models/housing', '-i', input, '-o', '-']);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['test/process/tables/houses.parquet', [], 'Parquet cannot go to standard output'],
    ['models/wine/model.json', ['--resume'], 'need an output file'],
    ['models/wine/model.json', ['--errors', 'errors.csv'], 'need an output file'],
  ])('rejects %s with %j', async (input, args, said) => {
    const { code, stderr } = await nestor('predict', 'models/housing', '-i', input, '-o', '-', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});

describe('nestor predict --resume', () => {
  /**
   * What the model calls 20 milliseconds is as much work as took so long on one machine: here it takes another time.
   */
  let workPerMs = 0;
  /** The slow model, in one thread: more of them would only have to be given more work. */
  let model: string;
  /** What a run writes that nothing stops. */
  let whole: string;
  beforeAll(async () => {
    model = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'slow');
    cpSync('test/models/slow/1', join(model, '1'), { recursive: true });
    const manifest = JSON.parse(readFileSync('test/models/slow/model.json', 'utf8'));
    writeFileSync(join(model, 'model.json'), JSON.stringify({ ...manifest, execution: { workers: 1 } }));
    // Where others use the CPU too a row takes longer: the fastest one tells how much work takes so long.
    for (let times = 0; times < 3; times += 1) {
      const { stdout } = await nestor('inspect', model, '--json');
      workPerMs = Math.max(workPerMs, 20 / JSON.parse(stdout).timings.msPerRow[1]);
    }
    const output = join(model, '..', 'whole.csv');
    await nestor('predict', model, '-i', slowInput(join(model, '..')), '-o', output);
    whole = readFileSync(output, 'utf8');
  });
  afterAll(() => rmSync(join(model, '..'), { recursive: true }));
  /**
   * Four seconds of work in several batches: each row takes a while, and is long. The journal is written every second.
   */
  const slowInput = (folder: string, times = 1) => {
    const input = join(folder, 'slow.csv');
    const work = (row: number): number => Math.round((row % 40) * 1.28 * workPerMs * times);
    const lines = Array.from({ length: 160 }, (_, at) => `${work(at)},${at},"${'long '.repeat(600)}"`);
    writeFileSync(input, `milliseconds,id,note\n${lines.join('\n')}\n`);
    return input;
  };
  const rowsDone = (journal: string) => (existsSync(journal) ? JSON.parse(readFileSync(journal, 'utf8')).rows : 0);

  /** Resolves once the journal of a run says that some rows are done. */
  const someRowsDone = async (folder: string, journal: string, ended: Promise<unknown>) => {
    const watcher = watch(folder);
    const over = ended.then(() => {
      throw new Error('The run ended before a journal was seen.');
    });
    try {
      while (rowsDone(journal) === 0) await Promise.race([once(watcher, 'change'), over]);
    } finally {
      over.catch(() => undefined);
      watcher.close();
    }
  };

  it.each(['SIGKILL', 'SIGINT'] as const)('continues after %s as if nothing had happened', async (signal) => {
    const folder = temporaryFolder();
    const input = slowInput(folder);
    const output = join(folder, 'out.csv');
    const args = ['predict', model, '-i', input, '-o', output];
    const first = startNestor(args);
    await someRowsDone(folder, `${output}.partial.json`, first.ended);
    first.child.kill(signal);
    const { code, stderr } = await first.ended;
    if (signal === 'SIGINT') {
      expect(code).toBe(1);
      expect(stderr).toContain('--resume');
    }
    expect(existsSync(output)).toBe(false);
    appendFileSync(`${output}.partial`, 'half a li');
    expect(await nestor(...args)).toMatchObject({ code: 2 });
    expect(await nestor(...args, '--resume')).toMatchObject({ code: 0 });
    expect(readFileSync(output, 'utf8')).toBe(whole);
    expect(readdirSync(folder).sort()).toEqual(['out.csv', 'slow.csv']);
    expect(await nestor(...args, '--resume')).toMatchObject({ code: 0 });
  });

  it('does not continue with another input', async () => {
    const folder = temporaryFolder();
    const input = slowInput(folder, 10);
    const output = join(folder, 'out.csv');
    const args = ['predict', model, '-i', input, '-o', output];
    const { child, ended } = startNestor(args);
    await someRowsDone(folder, `${output}.partial.json`, ended);
    child.kill('SIGKILL');
    await ended;
    appendFileSync(input, '0,0,another\n');
    const { code, stderr } = await nestor(...args, '--resume');
    expect(code).toBe(1);
    expect(stderr).toContain('--force');
  });
});
