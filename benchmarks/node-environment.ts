import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Installs the packages of `peers/<name>/package.json` into a separate folder, once, and again if they change. Runs no
 * scripts, since that of onnxruntime-node would download parts for GPUs.
 *
 * @returns the folder
 */
export async function nodeEnvironment(name: string): Promise<string> {
  const folder = resolve(`benchmarks/.node-${name}`);
  const wanted = `benchmarks/peers/${name}/package.json`;
  const installed = `${folder}/installed.json`;
  if (existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(wanted, 'utf8')) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  copyFileSync(wanted, `${folder}/package.json`);
  await execute('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, timeout: 600_000 });
  copyFileSync(wanted, installed);
  return folder;
}
