import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { modelOf, node } from '../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { modelsFolder } from '../e2e/open-inference-client.ts';
import { chromium, open, withBrowser } from './browser.ts';

const CHANGED = 'The form has changed. Press Predict for a new answer.';

describeWith([chromium], 'an answer', () => {
  withBrowser();

  it('is marked as stale only while the form differs from the request', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing`);
    const rooms = page.getByRole('textbox', { name: 'Rooms' });
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.locator('.answer-value').waitFor();
    const mark = page.getByText(CHANGED);
    expect(await mark.count()).toBe(0);
    const before = await rooms.inputValue();
    await rooms.fill('8');
    await mark.waitFor();
    await rooms.fill(before);
    await mark.waitFor({ state: 'detached' });
    await rooms.fill('8');
    await mark.waitFor();
    await rooms.press('Enter');
    await mark.waitFor({ state: 'detached' });
  });

  it('is requested again when another example or version is chosen', async () => {
    const { url } = await serve({ MODELS: modelsFolder('test/models/two-versions') });
    const page = await open(`${url}/#/models/two-versions`);
    await page.getByLabel('x').first().fill('1');
    const answer = page.getByRole('region', { name: 'Answer' });
    await page.getByRole('button', { name: 'Predict' }).click();
    await answer.getByText('by two-versions, version 2').waitFor();
    await page.getByLabel('use version').selectOption('1');
    await answer.getByText('by two-versions, version 1').waitFor();
  });

  it('for a picture is requested again when another version is chosen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestor-models-'));
    cpSync('models/digits', join(folder, 'digits'), { recursive: true });
    cpSync('models/digits/1', join(folder, 'digits/2'), { recursive: true });
    const manifest = JSON.parse(readFileSync('models/digits/model.json', 'utf8')) as object;
    writeFileSync(join(folder, 'digits/model.json'), JSON.stringify({ ...manifest, versions: 'all' }));
    const { url } = await serve({ MODELS: folder });
    const page = await open(`${url}/#/models/digits`);
    await page.locator('.drawing canvas').click();
    const answer = page.getByRole('region', { name: 'Answer' });
    await answer.getByText('by digits, version 2').waitFor();
    await page.getByLabel('use version').selectOption('1');
    await answer.getByText('by digits, version 1').waitFor();
  });

  it('that is slow shows progress, and keeps the previous one visible', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing`);
    const answer = page.getByRole('region', { name: 'Answer' });
    await page.getByRole('button', { name: 'Predict' }).click();
    const before = await page.locator('.answer-value').innerText();
    const answers = Promise.withResolvers<undefined>();
    await page.route('**/predict', async (route) => {
      await answers.promise;
      await route.continue();
    });
    await page.getByRole('textbox', { name: 'Rooms' }).fill('8');
    await page.getByRole('button', { name: 'Predict' }).click();
    await answer.getByText('Predicting …').waitFor();
    await answer.getByText(/^\d+ s$/).waitFor();
    expect(await page.locator('.answer-value').innerText()).toBe(before);
    answers.resolve(undefined);
    await answer.getByText('Predicting …').waitFor({ state: 'detached' });
    expect(await page.locator('.answer-value').innerText()).not.toBe(before);
  });

  it('and the typed values are still there after a visit to another page', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing`);
    const rooms = page.getByRole('textbox', { name: 'Rooms' });
    await rooms.fill('7.5');
    await page.getByRole('button', { name: 'Predict' }).click();
    const price = await page.locator('.answer-value').innerText();
    for (const [away, back] of [
      ['Details', 'Try it'],
      ['Live', undefined],
    ] as const) {
      await page.getByRole('link', { name: away, exact: true }).click();
      await rooms.waitFor({ state: 'hidden' });
      await (back === undefined ? page.goBack() : page.getByRole('link', { name: back }).click());
      expect(await rooms.inputValue()).toBe('7.5');
      expect(await page.locator('.answer-value').innerText()).toBe(price);
    }
  });

  it('of several outputs names each, with its unit', async () => {
    const outputs = {
      prediction: { from: 'warm', title: 'Warmth', unit: '°C' },
      cold: { from: 'cold', title: 'Cold', unit: 'K' },
    };
    const answer = await answerOf({ outputs });
    expect(answer).toMatch(/^Warmth in °C \[ 2, 4 \] Cold in K \[ -2, -4 \] by weather, version 1 JSON$/);
  });

  it('with scores shows them as numbers, not as percentages', async () => {
    const answer = await answerOf({ labels: ['hot', 'mild'], outputs: { scores: { from: 'warm' } } });
    expect(answer).toBe('Prediction mild Scores hot 2 mild 4 by weather, version 1 JSON');
  });
});

/** What is shown of the answer of a model with the outputs "warm" (2, 4) and "cold" (-2, -4), as one line. */
async function answerOf(manifest: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-models-'));
  mkdirSync(join(folder, 'weather', '1'), { recursive: true });
  const nodes = [node('Relu', 'x', 'warm'), node('Neg', 'x', 'cold')];
  const bytes = modelBytes(modelOf({ inputs: { x: ['N', 2] }, nodes, outputs: ['warm', 'cold'] }));
  writeFileSync(join(folder, 'weather', '1', 'model.onnx'), bytes);
  const features = [
    { name: 'a', example: 2 },
    { name: 'b', example: 4 },
  ];
  writeFileSync(join(folder, 'weather', 'model.json'), JSON.stringify({ features, ...manifest }));
  const { url } = await serve({ MODELS: folder });
  const page = await open(`${url}/#/models/weather`);
  await page.getByRole('button', { name: 'Predict' }).click();
  const answer = page.getByRole('region', { name: 'Answer' });
  await answer.getByText('by weather').waitFor();
  return (await answer.innerText()).replaceAll(/\s+/g, ' ');
}
