import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithRegistry, elsewhere } from '../registry.ts';
import { get, post, sharedServer } from '../serve.ts';
import { codeBlocks, sectionOf } from '../walkthrough.ts';

/**
 * docs/typed-clients.md, followed from the top: its commands and programs, in an empty folder. The server serves the models
 * that the page names, one of each other kind, and one that has a default.
 */
const PAGE = 'docs/typed-clients.md';
const TEXTS = ['sentiment', 'entities', 'embedding'].map((name) => `test/models/texts/${name}`);
const MODELS = ['models/housing', 'models/wine', 'models/digits', 'test/models/detectors/yolov8', ...TEXTS];
const PICTURE = resolve('test/models/detectors/pictures/chelsea.jpg');
const UV = resolve('test/clients/.venv/uv/bin/uv');
const REQUIREMENTS = resolve('test/clients/requirements-generator.txt');
const MINUTES = 60_000;

const execute = promisify(execFile);
const temporary = (): string => mkdtempSync(join(tmpdir(), 'nestor-typed-'));

let models: string;
let url: string;
beforeAll(async () => {
  models = temporary();
  for (const path of MODELS) symlinkSync(resolve(path), join(models, basename(path)));
  cpSync('models/housing', join(models, 'river'), { recursive: true });
  const manifest = JSON.parse(readFileSync('models/housing/model.json', 'utf8'));
  for (const feature of manifest.features) if (feature.name === 'CHAS') feature.default = 0;
  writeFileSync(join(models, 'river/model.json'), JSON.stringify(manifest));
  ({ url } = await sharedServer({ MODELS: models, DEFAULT_MODEL: 'housing' }));
});
afterAll(() => rmSync(models, { recursive: true }));

interface Step {
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes the files of a section of the page into a folder and runs its commands there. */
async function follow(heading: string, cwd: string, env: NodeJS.ProcessEnv): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const { language, file, text } of codeBlocks(sectionOf(PAGE, heading))) {
    const shown = text.replaceAll('http://localhost:8080', url);
    if (file !== undefined) writeFileSync(join(cwd, file), shown);
    else if (language === 'sh')
      for (const command of shown.trim().split('\n')) steps.push(await run(command, cwd, env));
  }
  return steps;
}

/** Runs a command, which must end well. */
async function run(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Step> {
  try {
    return { command, ...(await execute('sh', ['-c', command], { cwd, env, maxBuffer: 2 ** 26 })) };
  } catch (error) {
    const { stdout, stderr } = error as Step & Error;
    throw new Error(`${command}\n${stdout}${stderr}`, { cause: error });
  }
}

const promisedOutput = (heading: string): string => /It prints `(.+?)`/.exec(sectionOf(PAGE, heading))![1]!;

describeWithRegistry('the TypeScript client', () => {
  const HEADING = 'TypeScript: openapi-typescript';
  const TSC = 'npx tsc --noEmit --strict --skipLibCheck --module nodenext --target es2024 --allowImportingTsExtensions';
  let folder: string;
  let steps: readonly Step[];

  beforeAll(async () => {
    folder = temporary();
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    steps = await follow(HEADING, folder, elsewhere);
  }, 5 * MINUTES);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints what the page says', () => {
    expect(steps.at(-1)!.stdout.trim()).toBe(promisedOutput(HEADING));
  });

  it('compiles without a feature that has a default', async () => {
    const program = readFileSync(join(folder, 'price.ts'), 'utf8');
    writeFileSync(join(folder, 'river.ts'), program.replace('models/housing', 'models/river').replace('CHAS: 0, ', ''));
    await run(`${TSC} river.ts`, folder, elsewhere);
  });

  it('compiles, but not without a feature, nor with a string for a number', async () => {
    await run(`${TSC} price.ts`, folder, elsewhere);
    const program = readFileSync(join(folder, 'price.ts'), 'utf8');
    for (const [name, wrong] of [
      ['missing.ts', program.replace('RM: 6.575, ', '')],
      ['string.ts', program.replace('RM: 6.575', "RM: '6.575'")],
    ] as const) {
      writeFileSync(join(folder, name), wrong);
      await expect(run(`${TSC} ${name}`, folder, elsewhere)).rejects.toThrow(/error TS(?:2322|2741|2769)/);
    }
  });
});

// In CI nothing is skipped.
(existsSync(UV) || process.env['CI'] ? describe : describe.skip)('the Python client', () => {
  const HEADING = 'Python: openapi-python-client';
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let steps: readonly Step[];

  beforeAll(async () => {
    folder = temporary();
    const python = join(folder, 'venv');
    await execute(UV, ['venv', '--quiet', '--python', resolve('test/clients/.venv/generator/bin/python'), python]);
    await execute(UV, ['pip', 'sync', '--quiet', '--python', python, REQUIREMENTS]);
    // All that the page installs is there already, as requirements-generator.in pins it.
    const pip = { PIP_NO_INDEX: '1', PIP_NO_BUILD_ISOLATION: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
    env = { ...process.env, ...pip, PATH: `${python}/bin:${process.env['PATH']}` };
    steps = await follow(HEADING, folder, env);
  }, 5 * MINUTES);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints what the page says', () => {
    expect(steps.at(-1)!.stdout.trim()).toBe(promisedOutput(HEADING));
  });

  it('has every operation, and lacks the media types that the page names', async () => {
    const { paths } = (await get(`${url}/openapi.json`)).json;
    const operations = Object.values<object>(paths).flatMap((path) => Object.values(path));
    const ids = operations.flatMap(({ operationId }) => operationId ?? []);
    const api = join(folder, 'client/nestor_client/api');
    const modules = readdirSync(api, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\/(?!__init__)\w+\.py$/.test(name),
    );
    const bare = (name: string): string => basename(name, '.py').replaceAll('_', '').toLowerCase();
    expect(modules.map(bare).toSorted()).toEqual(ids.map((id: string) => id.toLowerCase()).toSorted());

    const { stderr } = steps.find(({ command }) => command.startsWith('openapi-python-client generate'))!;
    const warnings = stderr.match(/^(?:WARNING|ERROR) .*\n\n.*$/gm)!;
    const named = [...sectionOf(PAGE, HEADING).matchAll(/`((?:text|image)\/\w+)`/g)].map(([, type]) => type);
    const lacking = warnings.map((warning) => /Unsupported content type (\S+)$/.exec(warning)?.[1] ?? warning);
    expect(new Set(lacking)).toEqual(new Set(named));
  });

  it(
    'can be imported whole, and its types are right',
    async () => {
      const importAll = `
import importlib, pkgutil, nestor_client
for module in pkgutil.walk_packages(nestor_client.__path__, "nestor_client."):
    importlib.import_module(module.name)`;
      await execute(join(folder, 'venv/bin/python'), ['-c', importAll], { cwd: folder });
      await run('mypy client/nestor_client', folder, env);
    },
    5 * MINUTES,
  );

  it(
    'types pictures, texts, objects and tensors',
    async () => {
      const program = resolve('test/clients/typed_client.py');
      await run(`mypy --strict ${program}`, folder, env);
      const { stdout } = await run(`python ${program} ${url} ${PICTURE}`, folder, env);
      const ask = async (path: string, rows: unknown) => (await post(`${url}/models/${path}`, rows)).json;
      const picture = { b64: readFileSync(PICTURE).toString('base64') };
      const digit = await ask('digits/predict', picture);
      const { detections } = await ask('yolov8/predict?threshold=0.3', picture);
      const mood = await ask('sentiment/predict', { text: 'Good cheese' });
      const { prediction: entities } = await ask('entities/predict', { text: 'Anna lives in Berlin' });
      const { prediction: vectors } = await ask('embedding/predict', { text: 'Good cheese' });
      expect(JSON.parse(stdout)).toEqual({
        digit: digit.prediction[0],
        object: [detections[0][0].label, detections[0][0].score, ...Object.values(detections[0][0].box)],
        mood: mood.prediction[0],
        positive: mood.probabilities[0].positive,
        entity: [entities[0][0].label, entities[0][0].text, entities[0][0].start, entities[0][0].end],
        vector: vectors[0],
        price: [expect.closeTo(26.56419, 4)],
      });
    },
    5 * MINUTES,
  );
});
