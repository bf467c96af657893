import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { get, serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { nginx, startNginx } from '../nginx.ts';
import { chromium, open, violations, withBrowser } from './browser.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

/** What axe-core has to say against Swagger UI as it comes. */
const SWAGGER_UIS_OWN = /^(aria-prohibited-attr|color-contrast|heading-order|nested-interactive|region):/;

function keyFile(...keys: string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'keys');
  writeFileSync(path, keys.join('\n'));
  return path;
}

describeWith([chromium], 'the console at work', () => {
  withBrowser();

  it('draws rate, latency, batches and queue from the metrics while requests come', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/live`);
    const chart = (title: string) => page.locator('.chart', { hasText: title });
    await chart('Requests per second').waitFor();
    await chart('Requests per second').locator('strong', { hasText: '0' }).first().waitFor();
    const predict = () => page.request.post(`${url}/predict`, { data: [HOUSE, HOUSE, HOUSE] });
    const enough = new AbortController();
    const requests = (async () => {
      while (!enough.signal.aborted) await predict();
    })();
    await chart('Latency').locator('strong', { hasText: /ms|µs/ }).first().waitFor();
    await chart('Rows per batch').locator('strong', { hasText: '3' }).waitFor();
    await chart('Batch sizes').getByText(/3–4/).waitFor();
    await page.getByLabel('Show').selectOption('wine');
    await chart('Latency').locator('strong', { hasText: '–' }).first().waitFor();
    enough.abort();
    await requests;
  });

  it('asks for the required key, and keeps it for the session, also in /docs', async () => {
    const { url } = await serve({ API_KEYS_FILE: keyFile('alpha') });
    expect((await get(url)).status).toBe(401);
    const page = await open(url, { expected: ['status of 401'] });
    const key = page.getByLabel('API key');
    await key.fill('beta');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('That API key is invalid.').waitFor();
    await key.fill('alpha');
    await key.press('Enter');
    await page.getByRole('link', { name: 'Wine cultivars' }).click();
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.locator('.answer-value', { hasText: 'class_0' }).waitFor();
    const code = page.getByRole('region', { name: 'The same request as code' });
    expect(await code.innerText()).toContain('-H "X-API-Key: $NESTOR_API_KEY"');
    expect(await page.content()).not.toContain('alpha');
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    expect(kept).toEqual([0, 1, '']);
    await page.reload();
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.locator('.answer-value', { hasText: 'class_0' }).waitFor();
    await page.getByRole('link', { name: 'API' }).click();
    await page.getByText('/models/wine/predict').first().waitFor();
    // A session is a tab's.
    const other = await page.context().newPage();
    await other.goto(url);
    await other.getByLabel('API key').waitFor();
  });

  it('reports that the server is gone, and continues when it is back', async () => {
    const { url } = await serve();
    const page = await open(`${url}/#/models/housing`, { expected: ['net::ERR_FAILED'] });
    await page.getByRole('button', { name: 'Predict' }).waitFor();
    await page.route('**/predict', (route) => route.abort());
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.unroute('**/predict');
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.locator('.answer-value').waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    const { url } = await serve();
    const page = await open(url);
    await page.getByRole('link', { name: 'Boston house prices' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const rooms = page.getByRole('textbox', { name: 'Rooms' });
    await rooms.waitFor();
    while (!(await rooms.evaluate((field) => field === document.activeElement))) await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('8');
    await page.keyboard.press('Enter');
    await page.locator('.answer-value').waitFor();
  });
});

describeWith([chromium], 'the page of the API', () => {
  withBrowser();

  it('loads nothing from another origin', async () => {
    const { url } = await serve();
    const page = await open(`${url}/docs`);
    await page.getByText('/models/housing/predict').first().waitFor();
  });

  it('follows the theme, links to the console, and shows no padlock if no key is needed', async () => {
    const { url } = await serve();
    const page = await open(`${url}/docs`, { colorScheme: 'dark' });
    await page.getByText('/models/housing/predict').first().waitFor();
    const background = () =>
      page.evaluate(() => getComputedStyle(document.querySelector('.swagger-ui')!).backgroundColor);
    const dark = await background();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForFunction(() => !document.documentElement.classList.contains('dark-mode'));
    expect(await background()).not.toBe(dark);
    expect(await page.locator('.authorization__btn, .authorize').count()).toBe(0);
    const found = (await violations(page)).filter((one) => !SWAGGER_UIS_OWN.test(one));
    expect(found).toEqual([]);
    await page.getByRole('link', { name: '← Nestor' }).click();
    await page.getByRole('heading', { name: 'Models' }).waitFor();
  });

  it('does not scroll sideways on a phone, also with an open operation', async () => {
    const { url } = await serve();
    const page = await open(`${url}/docs`, { viewport: { width: 375, height: 740 } });
    await page.getByText('/models/housing/predict').first().click();
    await page.getByRole('heading', { name: 'Responses' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  });

  it('shows one of many models at a time, the default first', async () => {
    const models = mkdtempSync(join(tmpdir(), 'nestor-many-'));
    for (let copy = 10; copy < 21; copy += 1) cpSync('models/wine', join(models, `wine-${copy}`), { recursive: true });
    const { url } = await serve({ MODELS: models, DEFAULT_MODEL: 'wine-12' });
    const page = await open(`${url}/docs`);
    await page.getByText('/models/wine-12/predict').first().waitFor();
    await page.locator('#pick select').selectOption('wine-20');
    await page.getByText('/models/wine-20/predict').first().waitFor();
    expect(await page.getByText('/models/wine-12/predict').count()).toBe(0);
  });

  it('asks for the required key, and sends it with requests', async () => {
    const { url } = await serve({ API_KEYS_FILE: keyFile('alpha') });
    expect((await get(`${url}/openapi.json`)).status).toBe(401);
    const page = await open(`${url}/docs`, { expected: ['status of 401'] });
    const key = page.getByLabel('API key');
    await key.fill('beta');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').getByText('That API key is invalid.').waitFor();
    await key.fill('alpha');
    await key.press('Enter');
    const operation = page.locator('#operations-models-listModels');
    await operation.locator('.opblock-summary').first().click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(await key.isVisible()).toBe(false);
  });
});

describeWith([chromium, nginx], 'behind a proxy under a path', () => {
  withBrowser();

  it.each(['/team/ml/nestor', '/team/ml/nestor/', '/taken/off', '/taken/off/'])('%s has the console', async (path) => {
    const { url } = await serve({ BASE_PATH: '/team/ml/nestor', TRUST_PROXY: '1' });
    const page = await open((await startNginx(url)) + path);
    await page.getByRole('link', { name: 'Boston house prices' }).click();
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByRole('region', { name: 'Answer' }).getByText('26.56').first().waitFor();
    await page.getByRole('link', { name: 'API' }).click();
    await page.getByText('/models/housing/predict').first().waitFor();
  });

  it.each(['/team/ml/nestor', '/taken/off'])('%s has the page of the API, at work', async (path) => {
    const { url } = await serve({ BASE_PATH: '/team/ml/nestor', TRUST_PROXY: '1' });
    const page = await open(`${(await startNginx(url)) + path}/docs/`);
    const operation = page.locator('#operations-models-listModels');
    await operation.locator('.opblock-summary').first().click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
  });
});
