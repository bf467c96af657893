import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { chromium, open, violations, withBrowser } from './browser.ts';

/** Housing, which is served, and wine, whose file is none; where the admin keys are. */
function brokenWine(): { readonly folder: string; readonly adminKeys: string; readonly repair: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-models-'));
  for (const name of ['housing', 'wine']) cpSync(join('models', name), join(folder, name), { recursive: true });
  const file = join(folder, 'wine', '1', 'model.onnx');
  writeFileSync(file, 'no model');
  const adminKeys = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'admin-keys');
  writeFileSync(adminKeys, 'chief');
  return { folder, adminKeys, repair: () => cpSync('models/wine/1/model.onnx', file) };
}

describeWith([chromium], 'a model that failed', () => {
  withBrowser();

  it('shows the reason without server paths, and can be loaded with the admin key', async () => {
    const { folder, adminKeys, repair } = brokenWine();
    const { url } = await serve({ MODELS: folder, ADMIN: 'on', ADMIN_KEYS_FILE: adminKeys });
    const page = await open(url, { expected: ['status of 401', 'status of 4', 'status of 5'] });
    await page.locator('.card', { hasText: 'wine' }).getByText('wine/1/model.onnx: it is not a complete').waitFor();
    await page.locator('.card', { hasText: 'wine' }).getByRole('link').click();
    const failed = page.getByRole('region', { name: 'What failed' });
    await failed.getByText('wine/1/model.onnx: it is not a complete').waitFor();
    expect(await page.content()).not.toContain(folder);
    expect(await violations(page)).toEqual([]);

    await failed.getByRole('button', { name: 'Retry' }).click();
    const key = failed.getByLabel('admin key');
    await key.waitFor();
    // It has the focus.
    await page.keyboard.type('nobody');
    await page.keyboard.press('Enter');
    await failed.getByText('That admin key is invalid.').waitFor();
    await key.fill('chief');
    await key.press('Enter');
    await failed.getByRole('button', { name: 'Retry' }).waitFor();
    await failed.getByText('wine/1/model.onnx: it is not a complete').waitFor();
    expect(await page.content()).not.toContain(folder);

    repair();
    await failed.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('version 1 ready').waitFor();
    await failed.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.locator('.answer-value', { hasText: 'class_' }).waitFor();
  });

  it('has no button if the server does not change its models', async () => {
    const { folder } = brokenWine();
    const { url } = await serve({ MODELS: folder });
    const page = await open(`${url}/#/models/wine`);
    await page.getByRole('region', { name: 'What failed' }).waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
  });

  it('shows what is wrong with its manifest', async () => {
    const { folder } = brokenWine();
    mkdirSync(join(folder, 'other', '1'), { recursive: true });
    cpSync('models/wine/1/model.onnx', join(folder, 'other', '1', 'model.onnx'));
    writeFileSync(join(folder, 'other', 'model.json'), '{');
    const { url } = await serve({ MODELS: folder });
    const page = await open(url);
    await page.locator('.card', { hasText: 'other' }).getByText('other/model.json is not valid JSON').waitFor();
    await page.goto(`${url}/#/models/other`);
    await page.getByRole('region', { name: 'What failed' }).getByText('other/model.json is not valid JSON').waitFor();
  });
});
