import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { modelsFolder } from '../e2e/open-inference-client.ts';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { chromium, open, violations, withBrowser } from './browser.ts';

interface Golden {
  readonly records: readonly Record<string, number>[];
  readonly prediction: readonly (string | number)[];
}
const golden = (model: string): Golden => JSON.parse(readFileSync(`models/${model}/training/golden.json`, 'utf8'));

/** The golden records as CSV, with a column of what is to be compared with the prediction. */
function withActual(
  { records, prediction }: Golden,
  column: string,
  actual: (at: number) => string | number | undefined,
): string {
  const names = Object.keys(records[0]!);
  const lines = records.map((record, at) =>
    [...names.map((name) => record[name]), actual(at) ?? prediction[at]!].join(','),
  );
  return [[...names, column].join(','), ...lines].join('\n');
}

function modelWithCard(card: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-card-'));
  cpSync('models/wine', join(folder, 'wine'), { recursive: true });
  writeFileSync(join(folder, 'wine', 'CARD.md'), card);
  return folder;
}

async function label(page: Page, csv: string): Promise<void> {
  const file = { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
  await page.getByLabel('Choose a CSV file').setInputFiles(file);
  await page.getByRole('button', { name: 'Label the file' }).click();
}

describeWith([chromium], 'what the console adds to predictions', () => {
  withBrowser();

  it.each(['housing', 'wine'])('a sample file of %s, in which every row gets a label', async (model) => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/${model}/label`);
    const arriving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Sample CSV file' }).click();
    const download = await arriving;
    expect(download.suggestedFilename()).toBe(`${model}-sample.csv`);
    await label(page, await readFile(await download.path(), 'utf8'));
    await page.getByText(/^(\d+) of \1 rows labelled$/).waitFor();
  });

  it('the unchanged JSON of the answer', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/wine`);
    const answering = page.waitForResponse('**/predict');
    await page.getByRole('button', { name: 'Predict' }).click();
    const text = await (await answering).text();
    const answer = page.getByRole('region', { name: 'Answer' });
    await answer.getByText('JSON', { exact: true }).click();
    expect(await answer.locator('.json pre').innerText()).toBe(text);
  });

  it("how often labels are correct, if the file has the target's column", async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/wine/label`);
    const wine = golden('wine');
    const csv = withActual(wine, 'cultivar', (at) => (at === 0 ? 'class_2' : at === 1 ? '' : undefined));
    await label(page, csv);
    const compared = page.getByRole('region', { name: 'Predicted against actual' });
    const known = wine.records.length - 1;
    await compared.getByText(`${known - 1} of ${known} rows.`).waitFor();
    const cells = await compared.getByRole('cell').allInnerTexts();
    expect(cells.map(Number).reduce((sum, count) => sum + count)).toBe(known);
  });

  it('a comparison without findings of axe-core', async () => {
    const { url } = await serve({ MODELS: modelsFolder('test/models/sklearn-classifier') });
    const page = await open(`${url}/#/models/sklearn-classifier/label`);
    const flowers =
      'sepal_length,sepal_width,petal_length,petal_width,species\n5.1,3.5,1.4,0.2,setosa\n7,3.2,4.7,1.4,virginica\n';
    await page
      .getByLabel('Choose a CSV file')
      .setInputFiles({ name: 'f.csv', mimeType: 'text/csv', buffer: Buffer.from(flowers) });
    await page.getByLabel('Compare the predictions with').selectOption('species');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Label the file' }).click();
    await page.getByRole('region', { name: 'Predicted against actual' }).getByText('50%').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('the errors of quantities, by the chosen column', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing/label`);
    const houses = golden('housing');
    const csv = withActual(houses, 'sold', (at) => Number(houses.prediction[at]) + (at % 2 === 0 ? 2 : -2));
    const file = { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
    await page.getByLabel('Choose a CSV file').setInputFiles(file);
    await page.getByLabel('Compare the predictions with').selectOption('sold');
    await page.getByRole('button', { name: 'Label the file' }).click();
    const compared = page.getByRole('region', { name: 'Predicted against actual' });
    await compared.locator('dl > div', { hasText: 'Mean absolute error' }).getByText('$2,000').waitFor();
  });

  it('the card of a model, if it has one', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/wine`, { viewport: { width: 375, height: 740 } });
    await page.getByRole('link', { name: 'Card' }).click();
    await page.getByRole('heading', { level: 3, name: 'Metrics' }).waitFor();
    await page.getByRole('table').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    expect(await violations(page)).toEqual([]);
    const { url: aligned } = await serve({ MODELS: modelWithCard('| a | b |\n|---|--:|\n| 1 | 2 |') });
    const second = await open(`${aligned}/#/models/wine/card`);
    // The page reports what its content security policy blocks.
    const alignment = await second
      .getByRole('cell', { name: '2' })
      .evaluate((cell) => getComputedStyle(cell).textAlign);
    expect(alignment).toBe('right');
    const { url: other } = await serve({ MODELS: modelsFolder('test/models/two-versions') });
    const without = await open(other);
    const answering = without.waitForResponse('**/card');
    await without.getByRole('link', { name: 'Adds its own version number' }).click();
    await answering;
    await without.getByRole('button', { name: 'Predict' }).waitFor();
    expect(await without.getByRole('link', { name: 'Card' }).count()).toBe(0);
  });

  it('the answer of each version to the same record', async () => {
    const { url } = await serve({ MODELS: modelsFolder('test/models/two-versions') });
    const page = await open(`${url}/#/models/two-versions`);
    await page.getByLabel('x').first().fill('10');
    const compared = page.getByRole('region', { name: 'Versions compared' });
    await compared.getByRole('button', { name: 'Compare versions' }).click();
    await compared.getByText('version 1').waitFor();
    expect(await compared.locator('dl').innerText()).toMatch(/version 2\s+12\s+version 1\s+11/);
    await page.getByLabel('x').first().fill('20');
    expect(await compared.locator('dl').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});
