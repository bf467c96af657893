import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { serve } from '../serve.ts';
import { describeWith } from '../tools.ts';
import { chromium, open, violations, withBrowser } from './browser.ts';

const predict = (page: Page) => page.getByRole('button', { name: 'Predict' }).click();

/** The pages in the states that they can be in: where, what to do there, and what is then to be seen. */
const STATES: [string, string, (page: Page) => Promise<void>, string][] = [
  ['the models', '#/', async () => undefined, 'h2'],
  ['a form', '#/models/housing', async () => undefined, '.field'],
  ['a price', '#/models/housing', predict, '.answer-value'],
  [
    'errors at fields',
    '#/models/housing',
    async (page) => {
      await page.getByRole('textbox', { name: 'Rooms' }).fill('many');
      await predict(page);
    },
    '.remark',
  ],
  [
    'a warning',
    '#/models/housing',
    async (page) => {
      await page.getByRole('textbox', { name: 'Rooms' }).fill('12');
      await predict(page);
    },
    '.notice-warning',
  ],
  ['a label', '#/models/wine', predict, '.shares'],
  [
    'an answer to what the form no longer has, with its JSON',
    '#/models/wine',
    async (page) => {
      await predict(page);
      await page.locator('summary').click();
      await page.getByRole('textbox', { name: 'Alcohol' }).fill('13');
    },
    '.notice-stale',
  ],
  ['a card', '#/models/wine/card', async () => undefined, '.card-text'],
  ['a drawing', '#/models/digits', (page) => page.locator('.drawing canvas').click(), '.pixels'],
  [
    'a labelled file',
    '#/models/housing/label',
    async (page) => {
      const rows = ['0,6.5,296,15.3,396.9,4.98', '0,x,296,15.3,396.9,4.98', '0,8.5,296,15.3,396.9,4.98'];
      const buffer = Buffer.from(['CHAS,RM,TAX,PTRATIO,B,LSTAT', ...rows].join('\n'));
      await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'houses.csv', mimeType: 'text/csv', buffer });
      await page.getByRole('button', { name: 'Label the file' }).click();
    },
    '.bars',
  ],
  ['the details', '#/models/housing/details', async () => undefined, '.details'],
  ['the live figures', '#/live', async () => undefined, '.chart'],
];

describeWith([chromium], 'axe-core has no findings in the console', () => {
  withBrowser();

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`in the ${colorScheme} theme`, async () => {
      const { url } = await serve();
      // So tall that nothing lies below the button that stays in view: there axe-core cannot decide.
      const viewport = { width: 1280, height: 2400 };
      const page = await open(url, { colorScheme, viewport, reducedMotion: 'reduce', expected: ['status of 422'] });
      const found: Record<string, string[]> = {};
      for (const [state, hash, act, sign] of STATES) {
        await page.goto(`${url}/?${encodeURIComponent(state)}${hash}`);
        await act(page);
        await page.locator(sign).first().waitFor();
        found[state] = await violations(page);
      }
      expect(found).toEqual(Object.fromEntries(STATES.map(([state]) => [state, []])));
    }, 120_000);
  }

  it('on a phone, where nothing is wider than the screen', async () => {
    const { url } = await serve();
    const page = await open(url, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      expected: ['status of 422'],
    });
    for (const [state, hash, act, sign] of STATES) {
      await page.goto(`${url}/?${encodeURIComponent(state)}${hash}`);
      await act(page);
      await page.locator(sign).first().waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([state, width]).toEqual([state, 360]);
    }
    expect(await violations(page)).toEqual([]);
  }, 120_000);
});
