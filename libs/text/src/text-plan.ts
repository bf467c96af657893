import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { labelsOf } from './labels.ts';
import { poolingOf } from './pooling-config.ts';
import { type PoolingMode, type TextOptions, TextOptionsError, type TextTask } from './text-options.ts';
import type { TextFolder } from './text-folder.ts';

/** The inputs that tokens feed, by the names that the hub's exporters give them. */
export const TOKEN_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids', 'position_ids'] as const;

/** What a text model is for, how its texts are read and what is made of its outputs. */
export interface TextPlan {
  readonly task: TextTask;
  readonly maxTokens: number;
  readonly isLowerCase: boolean;
  /** Put before each text. */
  readonly prompt: string;
  /** The output that answers. */
  readonly output: TensorSpec;
  /** How tokens become one vector; empty where the model does that itself. */
  readonly pooling: readonly PoolingMode[];
  readonly normalise: boolean;
  /** To which lengths embeddings may be shortened: those of models that were trained so (Matryoshka). */
  readonly dimensions: readonly number[];
  /** Of the classes, in their order; of other tasks none. */
  readonly labels: readonly string[] | undefined;
  /** Several labels may be true of one text. */
  readonly hasManyLabels: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Without a word of the folder. */
const FALLBACK_TOKENS = 512;
/** Tokenizers that know no bound write a number like this. */
const UNBOUNDED = 1e6;
/** Architectures of models that write texts, whatever their names end in. */
const HAS_DECODER = /^(M?T5|Bart)|Heads?Model$/;
/** RoBERTa counts places from the padding on, so that two of them are not for tokens. */
const PLACES_KEPT = new Map([
  ['roberta', 2],
  ['xlm-roberta', 2],
  ['camembert', 2],
  ['mpnet', 2],
]);

/** Whether a model takes tokens and nothing else. */
export function takesTokens({ inputs }: Pick<Signature, 'inputs'>): boolean {
  const names: readonly string[] = TOKEN_INPUTS;
  return (
    inputs.some(({ name }) => name === 'input_ids') &&
    inputs.every(
      ({ name, datatype, shape }) => names.includes(name) && /^INT(32|64)$/.test(datatype) && shape.length === 2,
    )
  );
}

/**
 * Decides what a text model is for and how it is used, from its folder and its manifest, which has the last word.
 *
 * @param task what the manifest says it is for
 * @returns undefined where the folder's model is for no task that is served with texts, and nobody asked for one
 * @throws TextOptionsError where folder, manifest and model do not fit
 */
export function planText(
  folder: TextFolder,
  signature: Signature,
  options: TextOptions,
  task: TextTask | undefined,
): TextPlan | undefined {
  const chosen = task ?? taskOf(folder, signature);
  if (chosen === undefined) return undefined;
  const output = outputOf(chosen, signature);
  const labels =
    chosen === 'text-classification' || chosen === 'token-classification' ? labelsOf(folder.config) : undefined;
  const isPooled = chosen !== 'text-embedding' || output.shape.length === 2;
  return {
    task: chosen,
    maxTokens: maxTokensOf(folder, options),
    isLowerCase: folder.sentence['do_lower_case'] === true,
    prompt: options.prompt ?? promptOf(folder.sentenceTransformers),
    output,
    pooling: isPooled ? [] : poolingOf(folder, options.pooling),
    normalise: options.normalise ?? folder.modules?.some(({ type }) => type === 'Normalize') ?? false,
    dimensions: options.dimensions ?? numbersIn(folder.config, 'matryoshka_dimensions'),
    labels,
    hasManyLabels: folder.config['problem_type'] === 'multi_label_classification',
  };
}

/** What a folder says that its model is for; undefined where that is nothing that is served with texts. */
function taskOf({ config, modules }: TextFolder, signature: Signature): TextTask | undefined {
  const [architecture = ''] = Array.isArray(config['architectures']) ? (config['architectures'] as string[]) : [];
  if (/ForSequenceClassification$/.test(architecture))
    return (labelsOf(config)?.length ?? 2) === 1 ? 'rerank' : 'text-classification';
  if (/ForTokenClassification$/.test(architecture)) return 'token-classification';
  const isSentence = signature.outputs.some(({ name }) => name === 'sentence_embedding');
  if (modules !== undefined || isSentence) return 'text-embedding';
  return /Model$/.test(architecture) && !HAS_DECODER.test(architecture) ? 'text-embedding' : undefined;
}

/** By the names that exporters give outputs, else the only one of the rank. */
function outputOf(task: TextTask, { outputs }: Signature): TensorSpec {
  const [names, ranks] = WANTED[task];
  const fitting = outputs.filter(({ datatype, shape }) => datatype.startsWith('FP') && ranks.includes(shape.length));
  const named = names
    .map((name) => fitting.find((output) => output.name === name))
    .find((found) => found !== undefined);
  const output = named ?? (fitting.length === 1 ? fitting[0] : undefined);
  const width = output?.shape.at(-1);
  if (output !== undefined && width !== undefined && width !== DYNAMIC) return output;
  const has = outputs.map(({ name, datatype, shape }) => `${name} (${datatype} [${shape.join(', ')}])`).join(', ');
  throw new TextOptionsError(
    `A model for ${task} answers with an output of ${ranks.map((rank) => (rank === 2 ? '[N, width]' : '[N, tokens, width]')).join(' or ')}, called ${names.join(' or ')}; this one has ${has}.`,
  );
}

const WANTED: Readonly<Record<TextTask, readonly [names: readonly string[], ranks: readonly number[]]>> = {
  'text-embedding': [
    ['sentence_embedding', 'last_hidden_state', 'token_embeddings'],
    [2, 3],
  ],
  'text-classification': [['logits'], [2]],
  rerank: [['logits'], [2]],
  'token-classification': [['logits'], [3]],
};

function maxTokensOf({ sentence, tokenizerConfig, config }: TextFolder, options: TextOptions): number {
  const places = numberIn(config, 'max_position_embeddings');
  const kept = PLACES_KEPT.get(String(config['model_type'])) ?? 0;
  const most = places === undefined ? Infinity : places - kept;
  const { maxTokens } = options;
  if (maxTokens !== undefined && maxTokens > most)
    throw new TextOptionsError(`"text.maxTokens" is ${maxTokens}, but the model takes at most ${most} tokens.`);
  const said = numberIn(sentence, 'max_seq_length') ?? numberIn(tokenizerConfig, 'model_max_length');
  return maxTokens ?? Math.min(said ?? (most === Infinity ? FALLBACK_TOKENS : most), most);
}

function numberIn(json: Json, key: string): number | undefined {
  const value = json[key];
  return typeof value === 'number' && value >= 1 && value < UNBOUNDED ? value : undefined;
}

function numbersIn(json: Json, key: string): readonly number[] {
  const value = json[key];
  return Array.isArray(value) ? value.filter((one): one is number => Number.isSafeInteger(one)) : [];
}

function promptOf({ prompts, default_prompt_name: name }: Json): string {
  if (typeof name !== 'string' || typeof prompts !== 'object' || prompts === null) return '';
  const prompt = (prompts as Json)[name];
  return typeof prompt === 'string' ? prompt : '';
}
