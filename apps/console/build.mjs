/**
 * Builds the console into dist/bundle/console: a page, a script, a style sheet and an icon. The server reads them from
 * there. With --watch, builds again after each change.
 */
import { mkdirSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { context } from 'esbuild';

const SOURCES = join(import.meta.dirname, 'src');
const TARGET = join(import.meta.dirname, '../../dist/bundle/console');

const copies = {
  name: 'copies',
  setup({ onEnd }) {
    onEnd(() => {
      mkdirSync(TARGET, { recursive: true });
      for (const file of ['index.html', 'icon.svg']) copyFileSync(join(SOURCES, file), join(TARGET, file));
    });
  },
};

const building = await context({
  entryPoints: { app: join(SOURCES, 'main.tsx'), style: join(SOURCES, 'style/index.css') },
  outdir: TARGET,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  conditions: ['nestor-source'],
  target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
  tsconfig: join(import.meta.dirname, 'tsconfig.json'),
  legalComments: 'inline',
  logLevel: 'warning',
  plugins: [copies],
});
if (process.argv.includes('--watch')) {
  await building.watch();
} else {
  await building.rebuild();
  await building.dispose();
}
