import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { modelOf, node } from '../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { chromium, open, violations, withBrowser } from './browser.ts';

const FEATURES = 60;
const LONG_WORD = 'Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamte';
const PHONE = { width: 375, height: 740 };

/** A model of sixty features, whose names, title and texts have the longest words. */
function wideModel(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-models-'));
  mkdirSync(join(folder, 'wide', '1'), { recursive: true });
  const bytes = modelBytes(modelOf({ inputs: { x: ['N', FEATURES] }, nodes: [node('Relu', 'x')] }));
  writeFileSync(join(folder, 'wide', '1', 'model.onnx'), bytes);
  const features = Array.from({ length: FEATURES }, (_, at) => ({
    name: `${at % 2 === 0 ? 'mean_radius_of_the_tumour_cells' : LONG_WORD}_${at}`,
    ...{ type: 'number', unit: 'mm', seen: [0, 10], example: at, description: `Of ${LONG_WORD}.` },
    ...(at % 5 === 0 && { title: `Title ${at} of ${LONG_WORD}` }),
  }));
  const manifest = { title: `The ${LONG_WORD}`, description: LONG_WORD, features };
  writeFileSync(join(folder, 'wide', 'model.json'), JSON.stringify(manifest));
  return folder;
}

/** Housing under many names. */
function manyModels(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-models-'));
  for (let at = 1; at <= count; at += 1) symlinkSync(resolve('models/housing'), join(folder, `house-${at}`));
  return folder;
}

const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

describeWith([chromium], 'the layout of the console', () => {
  withBrowser();

  it('holds for sixty features with long names, on a phone and a desk', async () => {
    const { url } = await serve({ MODELS: wideModel() });
    for (const viewport of [PHONE, { width: 1180, height: 800 }]) {
      const page = await open(`${url}/#/models/wide`, { viewport, reducedMotion: 'reduce' });
      const predict = page.getByRole('button', { name: 'Predict' });
      await predict.waitFor();
      const { y, height } = (await predict.boundingBox())!;
      expect(y + height).toBeLessThanOrEqual(viewport.height);
      await predict.click();
      await page.getByText('Check these values').waitFor();
      expect(await page.getByRole('region', { name: 'Answer' }).isVisible()).toBe(true);
      expect([viewport.width, await widthOf(page)]).toEqual([viewport.width, viewport.width]);
      for (const view of ['Label a file', 'Details']) {
        await page.getByRole('link', { name: view }).click();
        expect([view, await widthOf(page)]).toEqual([view, viewport.width]);
      }
      await page.goto(`${url}/#/`);
      await page.getByRole('heading', { name: 'Models' }).waitFor();
      await page.getByRole('heading', { level: 2 }).waitFor();
      expect(['overview', await widthOf(page)]).toEqual(['overview', viewport.width]);
      await page.close();
    }
  });

  it('does not break words in tabs and buttons', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/wine/label`, { viewport: PHONE });
    await page.getByRole('link', { name: 'Card' }).waitFor();
    const high = await page
      .locator('nav a, button')
      .evaluateAll((controls) => controls.filter((one) => one.clientHeight > 50).map((one) => one.textContent));
    expect(high).toEqual([]);
  });

  it('does not overlap labels', async () => {
    const { url } = await serve({ MODELS: wideModel() });
    const page = await open(`${url}/#/models/wide`);
    await page.locator('.field').first().waitFor();
    const wider = await page
      .locator('.field label span')
      .evaluateAll((names) => names.filter((name) => name.scrollWidth > name.parentElement!.clientWidth).length);
    expect(wider).toBe(0);
  });

  it('finds a feature among many, and shows every field with an error', async () => {
    const { url } = await serve({ MODELS: wideModel() });
    const page = await open(`${url}/#/models/wide`, { expected: ['status of 422'] });
    const search = page.getByRole('searchbox', { name: 'Find a feature' });
    await search.fill('mean CELLS_1');
    await page.getByText('5 of 60').waitFor();
    expect(await page.locator('.field').count()).toBe(5);
    await page.getByRole('textbox', { name: 'mean_radius_of_the_tumour_cells_12' }).fill('x');
    await search.fill('nowhere');
    await page.getByText('0 of 60').waitFor();
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByText('1 of 60').waitFor();
    await page.locator('.remark', { hasText: 'mean_radius_of_the_tumour_cells_12 is "x"' }).waitFor();
    // What lies below Predict in part, axe-core cannot decide on.
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    expect(await violations(page)).toEqual([]);
  });

  it('shows many models on pages, and keeps the search', async () => {
    const { url } = await serve({ MODELS: manyModels(30) });
    const page = await open(url, { viewport: PHONE });
    const card = page.locator('.card');
    await page.getByText('Page 1 of 2').waitFor();
    expect(await card.count()).toBe(24);
    expect(await card.nth(9).locator('code').innerText()).toBe('house-10');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Page 2 of 2').waitFor();
    expect(await card.count()).toBe(6);
    await page.getByRole('searchbox', { name: 'Find a model' }).fill('boston house-2');
    await page.getByText('11 of 30').waitFor();
    expect(await violations(page)).toEqual([]);
    await card.first().getByRole('link').click();
    await page.getByRole('link', { name: 'Models' }).first().click();
    await page.getByText('11 of 30').waitFor();
    expect(await widthOf(page)).toBe(PHONE.width);
  });

  it('keeps the header of Live in view', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/live`, { viewport: PHONE });
    await page.locator('.chart').last().scrollIntoViewIfNeeded();
    const { y } = (await page.getByLabel('Show').boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(100);
  });

  it('requests the figures that it shows, not all metrics', async () => {
    const { url } = await serve({ MODELS: manyModels(30) });
    const page = await open(url);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const response = await page.waitForResponse((one) => one.url().endsWith('/console/figures'));
    expect((await response.body()).length).toBeLessThan(30 * 300);
    await page.goto(`${url}/#/live`);
    await page.waitForResponse((one) => one.url().endsWith('/console/figures'));
    expect(asked).not.toContain('/metrics');
  });
});
