import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openEngine } from '#engine';
import { predictionsOf } from '#predictor';
import { typesOf } from './types-of.ts';

/** Models of all kinds of rows and answers, with rows that they take where no file has any. */
const MODELS: readonly (readonly [path: string, rows?: readonly object[]])[] = [
  ['models/housing'],
  ['models/wine'],
  ['models/digits'],
  ['test/models/detectors/yolov8', [{ pixels: new Array<number>(160 * 160 * 3).fill(128) }]],
  ['test/models/lightgbm'],
  ['test/models/sklearn-classifier'],
  ['test/models/sklearn-columns'],
  ['test/models/sklearn-zipmap'],
  ['test/models/xgboost'],
  ['test/models/row-mixing'],
  ['test/models/text', [{ word: 'a' }]],
  ['test/models/texts/embedding', [{ text: 'a' }]],
  ['test/models/texts/topics', [{ text: 'a' }]],
  ['test/models/texts/reranker', [{ query: 'a', text: 'b' }]],
  ['test/models/texts/entities', [{ text: 'Anna lives in Berlin' }]],
  ['test/models/several', [{ sides: [1, 2], count: 3 }]],
  ['test/models/scalars', [{ x: [1, 2, 3.5], factor: 2 }]],
  ['test/models/constant-shape', [{ x: [1, 2, 3, 4] }]],
  ['test/models/not-finite', [{ x: 0 }]],
  ['test/models/identity-bool', [{ x: [true, false] }]],
  ['test/models/identity-fp16', [{ x: [1, 2] }]],
  ['test/models/identity-int64', [{ x: [1, 2] }]],
];

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'nestor-types-'))));
afterAll(() => rm(folder, { recursive: true }));

/** What the compiler says of the files in the folder. */
async function compile(): Promise<string> {
  const tsconfig = {
    extends: resolve('tsconfig.json'),
    compilerOptions: {
      ...{ noEmit: true, incremental: false, rootDir: '/', allowImportingTsExtensions: true },
      paths: { '@nestor-onnx/nestor/model': [resolve('apps/package/src/model.ts')] },
      typeRoots: [resolve('node_modules/@types')],
    },
    include: ['*.ts'],
  };
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  return promisify(execFile)(process.execPath, [tsc, '--project', folder]).then(
    () => '',
    ({ stdout }) => stdout,
  );
}

async function recordsOf(path: string): Promise<readonly object[] | undefined> {
  const golden = join(path, path.startsWith('models') ? 'training/golden.json' : 'golden.json');
  return JSON.parse(await readFile(golden, 'utf8')).records?.slice(0, 5);
}

/** The written file, and beside it rows and answers of the model, said to be of its types. */
async function write(path: string, rows?: readonly object[]): Promise<void> {
  const engine = await openEngine(path, { execution: 'inline' });
  const model = engine.get();
  const records = rows ?? (await recordsOf(path)) ?? model.manifest.examples!;
  const answers = predictionsOf(await model.predict(records));
  await engine.close();
  const text = typesOf(model);
  const [, name] = /export const (\w+) =/.exec(text)!;
  await writeFile(join(folder, `${model.name}.ts`), text);
  await writeFile(
    join(folder, `${model.name}.use.ts`),
    `import { ${name}, type ${name}Row, type ${name}Prediction } from './${model.name}.ts';
    export const rows: ${name}Row[] = ${JSON.stringify(records)};
    export const answers: ${name}Prediction[] = ${JSON.stringify(answers)};
    ${name}.check(rows);
    `,
  );
}

it('writes types that compile, and that rows and answers of the models have', async () => {
  for (const [path, rows] of MODELS) await write(path, rows);
  const big = `import type { IdentityInt64Row } from './identity-int64.ts';\nexport const row: IdentityInt64Row = `;
  await writeFile(join(folder, 'big.ts'), `${big}{ x: [1, 2n ** 62n] };`);
  expect(await compile()).toBe('');
});

it('writes types that other rows do not have', async () => {
  await write('models/housing');
  const housing = `import type { HousingRow } from './housing.ts';\nexport const row: HousingRow = `;
  await writeFile(join(folder, 'wrong.ts'), `${housing}{ CHAS: '1', RM: 6, TAX: 1, PTRATIO: 1, B: 1, LSTAT: 1 };`);
  expect(await compile()).toContain("wrong.ts(2,34): error TS2322: Type 'string' is not assignable to type 'number'");
});

it('has only those outputs in the type of an answer that were asked for', async () => {
  await write('models/wine');
  const ask = (name: string, options: string, member = ''): string =>
    `export const ${name} = async (wine: Predictor<WineRow, WinePrediction>, row: WineRow) =>
      (await wine.predict(row, ${options}))${member};`;
  await writeFile(
    join(folder, 'asked.ts'),
    [
      `import type { Predictor } from '@nestor-onnx/nestor/model';`,
      `import type { WinePrediction, WineRow } from './wine.ts';`,
      ask('asked', `{ outputs: ['probabilities'], timeoutMs: 5 }`, '.probabilities'),
      ask('notAsked', `{ outputs: ['probabilities'] }`, '.prediction'),
      ask('warned', `{ outputs: ['probabilities'] }`, '.warnings?.[0]?.field.length'),
    ].join('\n'),
  );
  const [notAsked, ...others] = (await compile()).match(/asked\.ts.*/g)!;
  expect(others).toEqual([]);
  expect(notAsked).toContain("Property 'prediction' does not exist");
});
