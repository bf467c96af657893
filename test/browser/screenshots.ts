/**
 * Makes the pictures of the console in docs/images, from the built server with the shipped models: `npm run screenshots`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { launch } from './launch.ts';

const VIEWPORT = { width: 1180, height: 800 };
const COLOURS = 64;
const LIVE_SECONDS = 55;

const server = spawn(process.execPath, ['dist/bundle/main.js'], {
  env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', GRPC_PORT: '0', LOG_FORMAT: 'json' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await launch();
try {
  const url = await addressOf();
  await picture('console-light', 'light', `${url}/#/models/wine`, async (page) => {
    await page.getByRole('button', { name: 'Example 1' }).click();
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.locator('.answer-value').waitFor();
  });
  await picture('console-dark', 'dark', `${url}/#/models/digits`, drawThree);
  await picture('console-live', 'light', `${url}/#/live`, () => load(url));
} finally {
  await browser.close();
  server.kill();
  await once(server, 'exit');
}

async function addressOf(): Promise<string> {
  for await (const line of createInterface({ input: server.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) {
      server.stdout.resume();
      return url;
    }
  }
  throw new Error('The server ended before it was ready.');
}

async function picture(
  name: string,
  colorScheme: 'light' | 'dark',
  url: string,
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({ colorScheme, viewport: VIEWPORT, reducedMotion: 'reduce' });
  await page.goto(url);
  await act(page);
  // What was pressed last is not what the picture is about.
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    scrollTo(0, 0);
  });
  const png = await page.screenshot();
  const { size } = await sharp(png)
    .png({ palette: true, colours: COLOURS, effort: 10 })
    .toFile(`docs/images/${name}.png`);
  process.stdout.write(`docs/images/${name}.png: ${Math.round(size / 1024)} kB\n`);
  await page.close();
}

/** Two bows, drawn by hand as it were. */
async function drawThree(page: Page): Promise<void> {
  const { x, y, width } = (await page.locator('.drawing canvas').boundingBox())!;
  const bow = (middle: number, radius: number, from: number, to: number): [number, number][] =>
    Array.from({ length: 16 }, (_, at) => {
      const angle = ((from + ((to - from) * at) / 15) * Math.PI) / 180;
      return [0.47 + radius * 1.05 * Math.cos(angle), middle + radius * Math.sin(angle)];
    });
  const points = [...bow(0.34, 0.155, -155, 80), ...bow(0.66, 0.175, -85, 150)];
  await page.mouse.move(x + points[0]![0] * width, y + points[0]![1] * width);
  await page.mouse.down();
  for (const [right, down] of points) await page.mouse.move(x + right * width, y + down * width);
  await page.mouse.up();
  await page.locator('.pixels').waitFor();
}

/** Golden rows to each tabular model, more and fewer at a time, for as long as the picture shows. */
async function load(url: string): Promise<void> {
  const bodies = ['housing', 'wine'].map((model) => {
    const { records } = JSON.parse(readFileSync(`models/${model}/training/golden.json`, 'utf8')) as {
      records: unknown[];
    };
    return { path: `${url}/models/${model}/predict`, records };
  });
  const started = performance.now();
  for (;;) {
    const seconds = (performance.now() - started) / 1000;
    if (seconds > LIVE_SECONDS) return;
    const together = Math.round(4 + 3 * Math.sin(seconds / 6));
    await Promise.all(
      bodies.flatMap(({ path, records }) =>
        Array.from({ length: together }, async (_, at) => {
          // A request of no rows now and then, which is refused.
          const body = JSON.stringify(Math.random() < 0.01 ? [] : records.slice(at, 2 * at + 1));
          await (await fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).text();
        }),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
