import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onPath, type Tool } from '../tools.ts';
import { launch } from './launch.ts';

export const chromium: Tool = { name: 'chromium', get: 'apt-get install chromium' };

let browser: Browser | undefined;
const faults: string[] = [];

/** For a spec: a browser for all of its tests, closed after them. No test leaves an error on a page, or a request elsewhere. */
export function withBrowser(): void {
  beforeAll(async () => {
    if (onPath(chromium.name)) browser = await launch();
  });
  afterEach(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });
}

/**
 * A fresh page at the address, in a browser that has seen nothing before. Errors in its console and requests to any other
 * origin fail the test; what the test provokes itself (`expected`, such as "status of 422") does not count.
 */
export async function open(
  url: string,
  { expected = [], ...options }: BrowserContextOptions & { readonly expected?: readonly string[] } = {},
): Promise<Page> {
  const context = await browser!.newContext(options);
  await context.addInitScript({ content: axe.source });
  const page = await context.newPage();
  const { origin } = new URL(url);
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (address.protocol.startsWith('http') && address.origin !== origin) faults.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    const provoked = expected.some((text) => message.text().includes(text));
    if (message.type() === 'error' && !provoked) faults.push(`console: ${message.text()}`);
  });
  await page.goto(url);
  return page;
}

/** What axe-core has to say against the page as it stands, and what it could not decide; nothing is what is wanted. */
export async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return [...results.violations, ...results.incomplete].flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  );
}
