import { accessSync, constants, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ELEMENT } from '../../libs/onnx/src/model-file/model-file.ts';
import { modelOf, node, WITH_SEQUENCE } from '../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { writeLargeModel } from '../models/test-models.ts';
import { NESTOR, nestor, startNestor, temporaryFolder } from './nestor.ts';

const COMMANDS = ['serve', 'inspect', 'init', 'predict', 'load', 'validate', 'types'];
const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
// eslint-disable-next-line no-control-regex -- what a pipe must not be given
const ESCAPES = /\u001b\[/;

describe('nestor', () => {
  it('has help with examples, also for each command, and without escape codes in a pipe', async () => {
    const all = await nestor('--help');
    expect(all).toMatchObject({ code: 0, stderr: '' });
    for (const command of COMMANDS) {
      expect(all.stdout).toContain(command);
      const { code, stdout, stderr } = await nestor(command, '--help');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Examples:');
      expect(stdout).not.toMatch(ESCAPES);
    }
  });

  it('has every option of every command in its documentation', async () => {
    const page = readFileSync('docs/command-line.md', 'utf8');
    for (const command of COMMANDS) {
      const { stdout } = await nestor(command, '--help');
      const options = [...stdout.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option!);
      expect(options).toContain('--help');
      const missing = options.filter((option) => option !== '--help' && !new RegExp(`${option}\\b`).test(page));
      expect({ command, missing }).toEqual({ command, missing: [] });
    }
  });

  it('prints its version', async () => {
    const { stdout } = await nestor('--version');
    expect(stdout.trim()).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });

  it('is a program that npx can start', () => {
    accessSync(NESTOR, constants.X_OK);
  });

  it.each([
    ['nestor', 'Nestor needs Node 22.12 or later'],
    ['main', 'Nestor needs Node 24.0 or later'],
  ])('tells an older Node what is needed: %s', (entry, said) => {
    const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`;
    const args = ['--import', `data:text/javascript,${encodeURIComponent(older)}`, `dist/bundle/${entry}.js`, '--help'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: expect.stringContaining(said) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [['bogus'], 'bogus'],
    [['inspect'], 'model'],
    [['serve', '--port', 'http'], '0 to 65535'],
    [['load', 'not-a-url'], 'URL'],
    [['inspect', 'models'], 'several models'],
    [['inspect', 'models/housing', '--version'], "unknown option '--version'"],
    [['predict', 'models/wine', '-i', 'in.csv', '-o', 'out.csv', '--version', '1'], "unknown option '--version'"],
    [['predict', 'models/housing', '-i', 'nowhere.csv', '-o', 'out.csv'], 'nowhere.csv'],
  ])('%j is wrong usage: exit code 2, and an error on stderr', async (args, said) => {
    const { code, stdout, stderr } = await nestor(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('nestor serve', () => {
  it('serves a file on a free port until it is stopped, with options that override the environment', async () => {
    const args = ['serve', 'models/housing/1/model.onnx', '--port', '0', '--grpc-port', '0', '--host', '127.0.0.1'];
    const { child, ended } = startNestor(args, { PORT: '1', MODELS: '/nowhere', DRAIN_SECONDS: '0' });
    let log = '';
    child.stdout.on('data', (chunk) => (log += chunk));
    while (!/"url":"/.test(log)) await once(child.stdout, 'data');
    const url = /"url":"([^"]+)"/.exec(log)![1]!;
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ features: Object.values(HOUSE) }),
    });
    expect(await response.json()).toMatchObject({ prediction: [expect.closeTo(26.56, 1)] });
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['serve', 'inspect', 'init', 'validate'])(
    '%s of a pickle says how to export it, in a sentence',
    async (command) => {
      const file = join(temporaryFolder(), 'model.pkl');
      writeFileSync(file, 'x');
      const { code, stderr } = await nestor(command, file);
      expect([code, stderr.trim().split('\n')]).toEqual([1, [expect.stringMatching(/skl2onnx.*docs\/exports\.md/)]]);
    },
  );

  it('says what cannot be served, with exit code 1', async () => {
    const { code, stderr } = await nestor('serve', '/nowhere.onnx', '--port', '0');
    expect(code).toBe(1);
    expect(stderr).toContain('/nowhere.onnx');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('nestor inspect', () => {
  it('describes a model completely', async () => {
    const { code, stdout, stderr } = await nestor('inspect', 'models/housing', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      name: 'housing',
      version: '1',
      file: {
        path: expect.stringMatching(/housing.1.model\.onnx$/),
        bytes: expect.any(Number),
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        onnx: { producerName: 'skl2onnx', opsets: { 'ai.onnx.ml': expect.any(Number) } },
      },
      signature: { inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 6] }] },
      rows: { kind: 'independent', by: 'graph' },
      timings: { msPerRow: { 1: expect.any(Number), 8: expect.any(Number), 64: expect.any(Number) } },
      warnings: [],
    });
    expect(found.features.map(({ name }: { name: string }) => name)).toEqual(Object.keys(HOUSE));
    expect(Object.keys(found.file.onnx)).not.toContain('graph');
  });

  it('prints text for people without --json', async () => {
    const { code, stdout, stderr } = await nestor('inspect', 'models/wine');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const said of ['Wine cultivars', 'sha256:', 'skl2onnx', '[N, 13]', 'class_1', 'independent', 'µs at 64'])
      expect(stdout).toContain(said);
  });

  it('shows how a picture becomes the input', async () => {
    const { stdout } = await nestor('inspect', 'models/digits');
    expect(stdout).toMatch(/A picture\n {2}width +28\n/);
    expect(stdout).not.toContain('A row');
  });

  it('shows the members of an answer', async () => {
    const { stdout } = await nestor('inspect', 'test/models/sklearn-zipmap/1/model.onnx');
    expect(stdout).toMatch(/An answer\n {2}prediction +label +from output_label +setosa, versicolor, virginica\n/);
    expect(stdout).toMatch(/\n {2}probabilities +probabilities +from output_probability/);
  });

  it('warns of what is not served, and of what costs throughput', async () => {
    const mixing = JSON.parse((await nestor('inspect', 'test/models/row-mixing', '--json')).stdout);
    expect(mixing.warnings.join()).toContain('runs along dimension 0');
    const slow = JSON.parse((await nestor('inspect', 'test/models/slow', '--json')).stdout);
    expect(slow.warnings).toContainEqual(
      expect.stringMatching(/The cost of Loop depends on the values of inputs.*"range"/),
    );
    const bare = JSON.parse((await nestor('inspect', 'models/wine/1/model.onnx', '--json')).stdout);
    expect(bare.warnings.join()).toContain('nestor init');
  });

  it.each([
    ['future-opset', 'opset', { 'ai.onnx': 99 }],
    ['custom-operator', 'Custom operators', undefined],
    ['bf16', 'Cast', undefined],
    ['not-onnx', 'not a complete ONNX file', undefined],
    ['empty', 'empty', undefined],
  ])('says how to fix %s, with exit code 1', async (name, said, opsets) => {
    const { code, stdout, stderr } = await nestor('inspect', `test/models/invalid/${name}`, '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const found = JSON.parse(stdout);
    expect(found.problem).toContain(said);
    if (opsets !== undefined) expect(found.file.onnx.opsets).toEqual(opsets);
    expect((await nestor('inspect', `test/models/invalid/${name}`)).stderr).toContain(said);
  });
});

describe('nestor validate', () => {
  it('finds nothing wrong with the shipped models', async () => {
    const { code, stdout, stderr } = await nestor('validate', 'models', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { ok, models } = JSON.parse(stdout);
    expect(ok).toBe(true);
    for (const model of models) expect(model).toMatchObject({ problems: [], goldenRows: expect.any(Number) });
  });

  it('reports what is wrong with each model of a repository, and still checks the others', async () => {
    const repository = temporaryFolder();
    for (const name of ['good', 'wrong-answer', 'wrong-manifest', 'corrupt'])
      cpSync('models/wine', join(repository, name), { recursive: true });
    const goldenPath = join(repository, 'wrong-answer', 'training', 'golden.json');
    const golden = JSON.parse(readFileSync(goldenPath, 'utf8'));
    golden.prediction[3] = golden.prediction[3] === 'class_0' ? 'class_1' : 'class_0';
    writeFileSync(goldenPath, JSON.stringify(golden));
    writeFileSync(join(repository, 'wrong-manifest', 'model.json'), '{"titel": "Wine"}');
    writeFileSync(join(repository, 'corrupt', '1', 'model.onnx'), 'no model');
    const { code, stdout } = await nestor('validate', repository, '--json');
    expect(code).toBe(1);
    const problems = Object.fromEntries(
      JSON.parse(stdout).models.map((model: { name: string; problems: string[] }) => [model.name, model.problems]),
    );
    expect(problems).toEqual({
      good: [],
      'wrong-answer': [expect.stringContaining('prediction of row 3')],
      'wrong-manifest': [expect.stringContaining('titel')],
      corrupt: [expect.stringContaining('complete ONNX file')],
    });
    const table = await nestor('validate', repository);
    expect(table).toMatchObject({ code: 1, stderr: '' });
    expect(table.stdout).toContain('titel');
  });

  it('lists outputs that are not served, which is not a problem', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'sequence.onnx'), modelBytes(modelOf(WITH_SEQUENCE)));
    const { code, stdout } = await nestor('validate', folder);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('The output all of sequence: It is a'),
    });
    const { models } = JSON.parse((await nestor('validate', folder, '--json')).stdout);
    expect(models).toMatchObject([{ unservedOutputs: ['all'], problems: [] }]);
  });
});

describe('nestor init', () => {
  const wineCsv = (folder: string) => {
    const { records, prediction } = JSON.parse(readFileSync('models/wine/training/golden.json', 'utf8'));
    const names = Object.keys(records[0]);
    const lines = records.map((record: Record<string, number>, row: number) =>
      [prediction[row], ...names.map((name) => record[name])].join(','),
    );
    const path = join(folder, 'wine.csv');
    writeFileSync(path, `${['cultivar', ...names].join(',')}\n${lines.join('\n')}\n`);
    return { path, names };
  };

  it('creates a model folder from a file and its data, which can be served unchanged', async () => {
    const folder = temporaryFolder();
    const { path, names } = wineCsv(folder);
    cpSync('models/wine/1/model.onnx', join(folder, 'grapes.onnx'));
    const output = join(folder, 'repository', 'grapes');
    const args = ['init', join(folder, 'grapes.onnx'), '--data', path, '--target', 'cultivar', '--output', output];
    const { code, stdout } = await nestor(...args);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([join(output, '1', 'model.onnx'), join(output, 'model.json')]);
    const manifest = JSON.parse(readFileSync(join(output, 'model.json'), 'utf8'));
    expect(manifest).toMatchObject({
      task: 'classification',
      target: { name: 'cultivar' },
      labels: ['class_0', 'class_1', 'class_2'],
    });
    expect(manifest.features.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(manifest.features[0]).toMatchObject({ type: 'number', seen: [11.03, 14.83], example: 14.23 });
    expect(manifest.examples).toHaveLength(3);
    cpSync('models/wine/training', join(output, 'training'), { recursive: true });
    expect(await nestor('validate', output)).toMatchObject({ code: 0 });
    const inspected = JSON.parse((await nestor('inspect', output, '--json')).stdout);
    expect(inspected.warnings).toEqual([]);
  });

  it('drops columns that the model does not take, and says what it decided', async () => {
    const folder = temporaryFolder();
    const { path, names } = wineCsv(folder);
    const [header, ...rows] = readFileSync(path, 'utf8').trim().split('\n');
    writeFileSync(path, [`id,${header}`, ...rows.map((row, at) => `${at},${row}`)].join('\n'));
    const args = ['init', 'models/wine/1/model.onnx', '--data', path, '--target', 'cultivar', '--output'];
    const wrong = await nestor(...args, join(folder, 'a'));
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('--drop')]);
    const { code, stderr } = await nestor(...args, join(folder, 'b'), '--drop', 'id');
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/Columns taken: alcohol, .*; predicted: cultivar; dropped: id\./),
    ]);
    const manifest = JSON.parse(readFileSync(join(folder, 'b', 'model.json'), 'utf8'));
    expect(manifest.features.map(({ name }: { name: string }) => name)).toEqual(names);
    expect((await nestor(...args, join(folder, 'c'), '--drop', 'ident')).stderr).toContain('no column ident');
  });

  it('takes columns whose names an exporter changed, so that the data can be labelled', async () => {
    const folder = temporaryFolder();
    const inputs = { mean_radius: ['N', 1], area: ['N', 1] };
    const model = join(folder, 'sum.onnx');
    writeFileSync(model, modelBytes(modelOf({ inputs, nodes: [node('Add', 'mean_radius area')] })));
    const data = join(folder, 'data.csv');
    writeFileSync(data, 'mean radius,area,diagnosis\n1,2,M\n3,4,B\n5,N/A,B\n');
    const output = join(folder, 'sum');
    const { code, stderr } = await nestor('init', model, '--data', data, '--output', output);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('Columns taken: mean radius, area; left out: diagnosis.'),
    ]);
    expect(stderr).toContain('area has 1 cell that is not a number: "N/A".');
    const manifest = JSON.parse(readFileSync(join(output, 'model.json'), 'utf8'));
    expect(manifest.features).toMatchObject([{ name: 'mean radius', input: 'mean_radius' }, { name: 'area' }]);
    const predicted = join(folder, 'predicted.csv');
    expect(await nestor('predict', output, '--input', data, '--output', predicted)).toMatchObject({ code: 0 });
    expect(readFileSync(predicted, 'utf8').trim().split('\n')).toHaveLength(4);
  });

  it('writes nothing if the model does not run on the examples', async () => {
    const folder = temporaryFolder();
    const inputs = { row: { shape: ['N'], elementType: ELEMENT.INT64 } };
    const table = { name: 'table', elementType: ELEMENT.FLOAT, shape: [3], numbers: [1, 2, 3] };
    const model = join(folder, 'lookup.onnx');
    writeFileSync(model, modelBytes(modelOf({ inputs, constants: [table], nodes: [node('Gather', 'table row')] })));
    const data = join(folder, 'data.csv');
    writeFileSync(data, 'row\n1\n14\n');
    const output = join(folder, 'lookup');
    const { code, stdout, stderr } = await nestor('init', model, '--data', data, '--output', output);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('example') });
    expect(readdirSync(folder).sort()).toEqual(['data.csv', 'lookup.onnx']);

    mkdirSync(join(output, '1'), { recursive: true });
    cpSync(model, join(output, '1', 'model.onnx'));
    writeFileSync(join(output, 'model.json'), '{"title": "mine"}');
    expect(await nestor('init', output, '--data', data, '--force')).toMatchObject({ code: 1, stdout: '' });
    expect(readdirSync(output).sort()).toEqual(['1', 'model.json']);
    expect(readFileSync(join(output, 'model.json'), 'utf8')).toBe('{"title": "mine"}');
  });

  it('copies the external data of a model, too', async () => {
    const folder = temporaryFolder();
    const model = await writeLargeModel(folder);
    cpSync(model, join(folder, 'exported.onnx'));
    cpSync(join(dirname(model), 'weights.bin'), join(folder, 'weights.bin'));
    const output = join(folder, 'served');
    expect(await nestor('init', join(folder, 'exported.onnx'), '--output', output)).toMatchObject({ code: 0 });
    expect(readdirSync(join(output, '1')).sort()).toEqual(['model.onnx', 'weights.bin']);
  });

  it('never replaces a manifest without --force', async () => {
    const folder = join(temporaryFolder(), 'housing');
    cpSync('models/housing', folder, { recursive: true });
    const before = readFileSync(join(folder, 'model.json'), 'utf8');
    const { code, stderr } = await nestor('init', join(folder, '1', 'model.onnx'));
    expect(code).toBe(2);
    expect(stderr).toContain('--force');
    expect(readFileSync(join(folder, 'model.json'), 'utf8')).toBe(before);
    expect(await nestor('init', folder, '--force')).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')).features).toHaveLength(6);
  });

  it.each(['several', 'scalars', 'identity-string', 'sklearn-columns', 'image', 'dynamic-inner', 'text', 'xgboost'])(
    'writes a manifest for %s that the server takes',
    async (name) => {
      const folder = join(temporaryFolder(), name);
      mkdirSync(folder);
      cpSync(`test/models/${name}/1`, join(folder, '1'), { recursive: true });
      expect(await nestor('init', folder)).toMatchObject({ code: 0 });
      expect(await nestor('inspect', folder)).toMatchObject({ code: 0 });
    },
  );

  it('asks which column is the target if the data has one more than the model takes', async () => {
    const folder = temporaryFolder();
    const { path } = wineCsv(folder);
    cpSync('models/wine', join(folder, 'wine'), { recursive: true });
    rmSync(join(folder, 'wine', 'model.json'));
    const { code, stderr } = await nestor('init', join(folder, 'wine'), '--data', path);
    expect(code).toBe(1);
    expect(stderr).toContain('--target');
  });
});

describe('nestor types', () => {
  it('writes the types of a model, and checks in CI whether they are up to date', async () => {
    const out = join(temporaryFolder(), 'src', 'housing.ts');
    const types = (...options: string[]) => nestor('types', 'models/housing', '--out', out, ...options);
    expect(await types('--check')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is missing. Run: nestor types'),
    });
    expect(await types()).toEqual({ code: 0, stdout: `${out}\n`, stderr: '' });
    expect(readFileSync(out, 'utf8')).toContain('export const Housing = defineModel<HousingRow, HousingPrediction>(');
    expect(await types('--check')).toEqual({ code: 0, stdout: '', stderr: '' });
    writeFileSync(out, readFileSync(out, 'utf8').replace('RM: number', 'RM: string'));
    expect(await types('--check')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no longer fits models/housing'),
    });
  });
});
