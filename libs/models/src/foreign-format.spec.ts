import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { findModels } from './disk.ts';

it.each([
  ['model.pkl', 'skl2onnx'],
  ['model.joblib', 'skl2onnx'],
  ['model.PT', 'torch.onnx.export'],
  ['model.h5', 'format="onnx"'],
  ['model.safetensors', 'optimum-cli'],
])('%s is refused with how to export it, in a sentence', async (name, how) => {
  const file = join(mkdtempSync(join(tmpdir(), 'nestor-')), name);
  writeFileSync(file, 'x');
  await expect(findModels(file)).rejects.toThrow(/^\S+ is an? .*docs\/exports\.md\)\.$/);
  await expect(findModels(file)).rejects.toThrow(how);
});
