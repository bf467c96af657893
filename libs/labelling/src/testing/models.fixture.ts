import { afterEach, beforeEach } from '@jest/globals';
import type { Engine, ModelVersion } from '#engine';
import { open } from '../../../engine/src/testing/engine.fixture.ts';
import { ModelsOnDisk, PLUS_ONE } from '../../../models/src/testing/disk.fixture.ts';

const engines: Engine[] = [];
let disk: ModelsOnDisk;

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
  await disk.put('m/1/model.onnx', PLUS_ONE);
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  await disk.remove();
});

/** The one model at a path, closed after the test. */
export async function modelAt(path: string, options: Parameters<typeof open>[1] = {}): Promise<ModelVersion> {
  const engine = await open(path, options);
  engines.push(engine);
  return engine.get();
}

/** A model that returns its input `x` plus 1. */
export const plusOne = (options: Parameters<typeof open>[1] = {}): Promise<ModelVersion> => modelAt(disk.path, options);
