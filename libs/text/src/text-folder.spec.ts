import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textFolder } from './testing/text-folder.fixture.ts';
import { readTextFolder } from './text-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nestor-text-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
}
const read = (model = 'model.onnx') => readTextFolder(join(folder, model));

describe('the folder of a text model', () => {
  it('is none without a tokenizer', async () => {
    await put('config.json', {});
    expect(await read()).toBeUndefined();
  });

  it('needs nothing else', async () => {
    await put('tokenizer.json', { model: {} });
    expect(await read()).toEqual(textFolder({ tokenizer: { model: {} } }));
  });

  it('has its files beside the model, or above a folder onnx, of which those beside come first', async () => {
    await put('tokenizer.json', { of: 'above' });
    await put('config.json', { of: 'above' });
    await put('onnx/config.json', { of: 'beside' });
    const { tokenizer, config } = (await read('onnx/model.onnx'))!;
    expect({ tokenizer, config }).toEqual({ tokenizer: { of: 'above' }, config: { of: 'beside' } });
    expect(await read('other/model.onnx')).toBeUndefined();
  });

  it('has modules and the pooling in the folder that they name', async () => {
    await put('tokenizer.json', {});
    await put('modules.json', [
      { idx: 0, path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, path: '2_Pool', type: 'sentence_transformers.models.Pooling' },
    ]);
    await put('1_Pooling/config.json', { pooling_mode: 'cls' });
    await put('2_Pool/config.json', { pooling_mode: 'max' });
    expect(await read()).toMatchObject({
      modules: [
        { path: '', type: 'Transformer' },
        { path: '2_Pool', type: 'Pooling' },
      ],
      pooling: { pooling_mode: 'max' },
    });
  });

  it.each(['..', '../other', '/etc', 'a/b', 7, undefined])('reads no pooling elsewhere: %j', async (path) => {
    await put('inner/tokenizer.json', {});
    await put('inner/modules.json', [{ path, type: 'sentence_transformers.models.Pooling' }]);
    await put('config.json', { pooling_mode: 'cls' });
    await put('other/config.json', { pooling_mode: 'cls' });
    await put('inner/a/b/config.json', { pooling_mode: 'cls' });
    const { modules, pooling } = (await read('inner/model.onnx'))!;
    expect({ modules, pooling }).toEqual({ modules: [{ path: '', type: 'Pooling' }], pooling: undefined });
  });
});

describe('a file of the folder is refused', () => {
  beforeEach(() => put('tokenizer.json', {}));

  it.each([
    'tokenizer.json',
    'tokenizer_config.json',
    'config.json',
    'sentence_bert_config.json',
    'config_sentence_transformers.json',
  ])('%s, where it is no JSON, or a list', async (name) => {
    await put(name, '{"a":');
    await expect(read()).rejects.toThrow(`${name} cannot be read: `);
    await put(name, []);
    await expect(read()).rejects.toThrow(`${name} is no JSON object.`);
  });

  it('modules.json, where it is no list, or not one of objects', async () => {
    await put('modules.json', {});
    await expect(read()).rejects.toThrow('modules.json is no JSON list.');
    await put('modules.json', ['Pooling']);
    await expect(read()).rejects.toThrow('A module of modules.json is no JSON object.');
  });

  it('the pooling, where it is a list', async () => {
    await put('1_Pooling/config.json', []);
    await expect(read()).rejects.toThrow('the pooling config.json is no JSON object.');
  });

  it('of more bytes than a vocabulary has, unread', async () => {
    await truncate(join(folder, 'tokenizer.json'), 128 * 2 ** 20 + 1);
    await expect(read()).rejects.toThrow('tokenizer.json has 134217729 bytes; at most 134217728 are read.');
  });

  it('that is a folder', async () => {
    await put('config.json/file', '');
    await expect(read()).rejects.toThrow('config.json cannot be read: EISDIR.');
  });
});
