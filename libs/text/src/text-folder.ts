import { join } from 'node:path';
import { readBeside } from './read-beside.ts';
import { TextOptionsError } from './text-options.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The files that sentence-transformers, Optimum and transformers.js write beside a text model, as they are. Each is an empty
 * object where it is absent, but for the tokenizer, without which no text can be read.
 */
export interface TextFolder {
  /** tokenizer.json: the tokenizer in full. */
  readonly tokenizer: Json;
  /** tokenizer_config.json: what the tokenizer was made for. */
  readonly tokenizerConfig: Json;
  /** config.json: the model's architecture and labels. */
  readonly config: Json;
  /** modules.json of sentence-transformers: what follows the model. Undefined for other folders. */
  readonly modules: readonly Module[] | undefined;
  /** The pooling module's config.json. */
  readonly pooling: Json | undefined;
  /** sentence_bert_config.json: how many tokens texts may have. */
  readonly sentence: Json;
  /** config_sentence_transformers.json: prompts. */
  readonly sentenceTransformers: Json;
}

/** A step of a sentence-transformers model. */
export interface Module {
  /** Its folder. */
  readonly path: string;
  /** The last part of its class's name: Transformer, Pooling, Normalize, Dense. */
  readonly type: string;
}

/**
 * Reads the files of a text model beside its .onnx file, or above it, where that lies in a folder `onnx`.
 *
 * @returns undefined where there is no tokenizer.json
 * @throws TextOptionsError for a file that is no JSON object or too large
 */
export async function readTextFolder(modelPath: string): Promise<TextFolder | undefined> {
  const read = (name: string): Promise<unknown> => readBeside(modelPath, name);
  const tokenizer = await read('tokenizer.json');
  if (tokenizer === undefined) return undefined;
  const object = async (name: string): Promise<Json> => requireObject(name, (await read(name)) ?? {});
  const modules = modulesOf(await read('modules.json'));
  const pooling = modules?.find(({ type }) => type === 'Pooling')?.path ?? '1_Pooling';
  const poolingConfig = await read(join(pooling, 'config.json'));
  return {
    tokenizer: requireObject('tokenizer.json', tokenizer),
    tokenizerConfig: await object('tokenizer_config.json'),
    config: await object('config.json'),
    modules,
    pooling: poolingConfig === undefined ? undefined : requireObject('the pooling config.json', poolingConfig),
    sentence: await object('sentence_bert_config.json'),
    sentenceTransformers: await object('config_sentence_transformers.json'),
  };
}

function requireObject(name: string, value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new TextOptionsError(`${name} is no JSON object.`);
}

function modulesOf(value: unknown): readonly Module[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new TextOptionsError('modules.json is no JSON list.');
  return value.map((module) => {
    const { path, type } = requireObject('A module of modules.json', module);
    // A path leads nowhere but to a folder beside it.
    const name = typeof path === 'string' && /^[\w.-]*$/.test(path) && !path.startsWith('..') ? path : '';
    return { path: name, type: String(type).split('.').at(-1)! };
  });
}
