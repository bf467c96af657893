import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Where, when and with which versions a result was measured. */
export interface Provenance {
  readonly date: string;
  readonly commit: string;
  /** Whether files differed from the commit. */
  readonly changed: boolean;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly loadBefore: number;
  };
  readonly versions: Readonly<Record<string, string>>;
}

export function provenance(): Provenance {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  return {
    date: new Date().toISOString(),
    commit: git('rev-parse', '--short', 'HEAD'),
    changed: git('status', '--porcelain', '--', 'apps', 'libs', 'models', 'package-lock.json', 'scripts') !== '',
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 2 ** 30),
      loadBefore: loadavg()[0] ?? 0,
    },
    versions: { node: process.version, ...nodePackages(), ...pythonPackages() },
  };
}

function nodePackages(): Record<string, string> {
  return Object.fromEntries(
    ['onnxruntime-node', 'sharp', 'fastify', '@nestjs/core', 'autocannon'].map((name) => {
      const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string };
      return [name, version];
    }),
  );
}

/** The main packages of each peer; the requirements.txt files pin the rest. */
const ASKED_FOR: Readonly<Record<string, readonly string[]>> = {
  fastapi: ['fastapi', 'uvicorn', 'onnxruntime'],
  flask: ['Flask', 'gunicorn', 'scikit-learn'],
  mlserver: ['mlserver'],
  kserve: ['kserve'],
  triton: ['nvidia-pytriton'],
  labelling: ['pandas'],
  images: ['pillow', 'opencv-python-headless'],
};

function pythonPackages(): Record<string, string> {
  const entries = Object.entries(ASKED_FOR).flatMap(([peer, names]) => {
    const lines = readFileSync(`benchmarks/peers/${peer}/requirements.txt`, 'utf8').split('\n');
    const pins = lines.map((line) => line.split('==') as [string, string]);
    return pins.filter(([name]) => names.includes(name));
  });
  return Object.fromEntries(entries);
}

/** The provenance as a sentence for the end of a report. @param packages the relevant ones */
export function provenanceLine(
  { date, commit, changed, machine, versions }: Provenance,
  packages = /^(node|onnxruntime-node|fastify)$/,
): string {
  const { cpu, cores, memoryGb, loadBefore } = machine;
  const used = Object.entries(versions).filter(([name]) => packages.test(name));
  return [
    `${date}, commit ${commit}${changed ? ' with changes' : ''}, ${cpu}, ${cores} cores, ${memoryGb} GB, load average ${loadBefore.toFixed(1)} before.`,
    `${used.map(([name, version]) => `${name} ${version}`).join(', ')}.`,
  ].join(' ');
}
