import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { modelOf, WITH_SEQUENCE } from '../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { chromium, open, withBrowser } from './browser.ts';

/** A model repository of some of the tests' models. */
function folderOf(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-models-'));
  for (const name of names) symlinkSync(resolve('test/models', name), join(folder, name));
  return folder;
}

const golden = (model: string) => JSON.parse(readFileSync(`models/${model}/training/golden.json`, 'utf8'));

describeWith([chromium], 'the console', () => {
  withBrowser();

  it('has less than 150 kB in total', async () => {
    const { url } = await serve();
    const page = await open(url);
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    const files = ['index.html', ...loaded.flatMap((path) => /^\/console\/(.+\.\w+)$/.exec(path)?.[1] ?? [])];
    expect(files).toEqual(expect.arrayContaining(['app.js', 'style.css', 'icon.svg']));
    const bytes = [...new Set(files)].map((file) => statSync(`dist/bundle/console/${file}`).size);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
  });

  it('shows the models, their states, versions and load', async () => {
    const { url } = await serve();
    const page = await open(url);
    const card = page.getByRole('listitem').filter({ hasText: 'Boston house prices' });
    await card.getByText('version 1 ready').waitFor();
    const rows = card.locator('div', { hasText: 'rows so far' }).locator('dd');
    await rows.filter({ hasText: '0' }).waitFor();
    const house = golden('housing').records[0];
    await page.request.post(`${url}/predict`, { data: [house, house, house] });
    await rows.filter({ hasText: '3' }).waitFor();
    await page.getByRole('link', { name: 'Boston house prices' }).click();
    await page.getByRole('heading', { level: 1, name: 'Boston house prices' }).waitFor();
    expect(await page.title()).toContain('housing');
  });

  it('has a text area for a text model', async () => {
    const folder = folderOf('sklearn-columns');
    mkdirSync(join(folder, 'words', '1'), { recursive: true });
    cpSync('test/models/text/1/model.onnx', join(folder, 'words', '1', 'model.onnx'));
    const { url } = await serve({ MODELS: folder });
    const page = await open(`${url}/#/models/words`);
    const area = page.locator('textarea');
    await area.fill('red');
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByRole('region', { name: 'Answer' }).getByText('RED').first().waitFor();
    await page.goto(`${url}/#/models/sklearn-columns`);
    await page.getByRole('button', { name: 'Predict' }).waitFor();
    expect(await page.locator('textarea').count()).toBe(0);
  });

  it('uses the latest of several versions, and shows it, until another one is chosen', async () => {
    const { url } = await serve({ MODELS: folderOf('two-versions') });
    const page = await open(`${url}/#/models/two-versions`);
    const versions = page.getByLabel('use version');
    await versions.waitFor();
    expect(await versions.inputValue()).toBe('2');
    await page.getByLabel('x').first().fill('1');
    const answer = page.getByRole('region', { name: 'Answer' });
    await page.getByRole('button', { name: 'Predict' }).click();
    await answer.getByText('3', { exact: true }).first().waitFor();
    await versions.selectOption('1');
    await page.getByRole('button', { name: 'Predict' }).click();
    await answer.getByText('2', { exact: true }).first().waitFor();
  });

  it('shows a price with its unit, and a label with its probabilities', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing`);
    await page.getByRole('button', { name: 'Example 1' }).click();
    await page.getByRole('button', { name: 'Predict' }).click();
    const answer = page.getByRole('region', { name: 'Answer' });
    await answer.getByText(/^\$2\d,\d{3}$/).waitFor();
    await answer.getByText(/^exactly 2\d\.\d+ in \$1000$/).waitFor();

    await page.goto(`${url}/#/models/wine`);
    await page.getByRole('button', { name: 'Predict' }).click();
    await answer.locator('.answer-value', { hasText: 'class_0' }).waitFor();
    expect(await answer.getByRole('listitem').allInnerTexts()).toHaveLength(3);
    expect((await answer.getByRole('listitem').first().innerText()).split('\n')).toEqual([
      'class_0',
      expect.stringMatching(/^>?\d+(\.\d)?%$/),
    ]);
  });

  it('shows errors at their fields, focuses the first, and warns of values not seen in training', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing`, { expected: ['status of 422'] });
    const rooms = page.getByRole('textbox', { name: 'Rooms' });
    await rooms.fill('many');
    await page.getByRole('textbox', { name: 'Property tax' }).fill('');
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByText('Rooms is "many"; a number is expected', { exact: true }).first().waitFor();
    await page.getByText('Property tax is missing', { exact: true }).first().waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    expect(await rooms.evaluate((field) => field === document.activeElement)).toBe(true);
    const describedBy = (await rooms.getAttribute('aria-describedby'))!.split(' ');
    const said = await page.evaluate((ids) => ids.map((id) => document.getElementById(id)?.textContent), describedBy);
    expect(said.join(' ')).toContain('a number is expected');

    await rooms.fill('12');
    await page.getByRole('textbox', { name: 'Property tax' }).fill('300');
    await page.keyboard.press('Enter');
    const warning = page.getByText('Rooms is 12, outside the range seen in training (3.561 to 8.78)', { exact: true });
    await warning.first().waitFor();
    expect(await rooms.getAttribute('aria-invalid')).toBe('false');
  });

  it('follows a slider once there is an answer', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing`);
    await page.getByRole('button', { name: 'Predict' }).click();
    const price = page.locator('.answer-value');
    const before = await price.innerText();
    await page.getByRole('slider', { name: 'Rooms, slider' }).press('End');
    await page.waitForFunction((old) => document.querySelector('.answer-value')?.textContent !== old, before);
    expect(await page.getByRole('textbox', { name: 'Rooms' }).inputValue()).toMatch(/^8\.7/);
  });

  it('shows the same request as code that works unchanged', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing`, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('textbox', { name: 'Rooms' }).fill('7.25');
    const code = page.getByRole('region', { name: 'The same request as code' });
    await code.getByRole('button', { name: 'Copy' }).click();
    await code.getByText('Copied').waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(command).toContain('"RM": 7.25');
    // The server lives in this process: it can answer only what does not block it.
    const answered = page.request.post(`${url}/models/housing/predict`, { data: JSON.parse(bodyOf(command)) });
    expect((await answered).status()).toBe(200);

    for (const language of ['Python', 'JavaScript']) {
      await code.getByText(language, { exact: true }).click();
      await code.getByLabel(`${language} code`).getByText('7.25').waitFor();
    }
    const javascript = await code.getByLabel('JavaScript code').innerText();
    expect(() =>
      execFileSync(process.execPath, ['--check', '--input-type=module'], { input: javascript }),
    ).not.toThrow();
  });

  it('takes tensors as JSON, and uses the chosen version', async () => {
    const { url } = await serve({ MODELS: folderOf('dynamic-inner', 'two-versions') });
    const page = await open(`${url}/#/models/dynamic-inner`);
    await page.getByText(/A JSON list of shape/).waitFor();
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.locator('.answer-json').waitFor();

    await page.goto(`${url}/#/models/two-versions`);
    await page.getByText('version 1 ready').waitFor();
    await page.getByLabel('use version').selectOption('1');
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByText('by two-versions, version 1').waitFor();
  });

  it('shows what the server knows about a model', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing/details`);
    await page.getByText('FP32 [any, 6]').waitFor();
    await page.getByText('on the event loop').waitFor();
  });

  it('shows outputs that are not served, and why', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'sequence.onnx'), modelBytes(modelOf(WITH_SEQUENCE)));
    const { url } = await serve({ MODELS: folder });
    const page = await open(`${url}/#/models/sequence/details`);
    await page.getByText('Not served').waitFor();
    await page.getByText('It is a sequence or a map').waitFor();
  });

  it('is a plain page if it is off', async () => {
    const { url } = await serve({ CONSOLE: 'off' });
    const page = await open(url, { javaScriptEnabled: false });
    await page.getByText('This server makes predictions').waitFor();
    expect((await page.request.get(`${url}/console/app.js`)).status()).toBe(404);
  });
});

const bodyOf = (command: string): string => /-d '([^']+)'/.exec(command)![1]!;
