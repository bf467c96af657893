import type { TextFolder } from './text-folder.ts';
import { type PoolingMode, TextOptionsError } from './text-options.ts';

/** By the keys of the pooling module's config.json, in the order in which sentence-transformers joins them. */
const MODES: readonly (readonly [key: string, mode: PoolingMode])[] = [
  ['pooling_mode_cls_token', 'cls'],
  ['pooling_mode_max_tokens', 'max'],
  ['pooling_mode_mean_tokens', 'mean'],
  ['pooling_mode_mean_sqrt_len_tokens', 'mean-sqrt'],
  ['pooling_mode_weightedmean_tokens', 'weighted-mean'],
  ['pooling_mode_lasttoken', 'last'],
];
/** What `pooling_mode` may be in newer files. */
const NAMES: Readonly<Record<string, PoolingMode>> = {
  cls: 'cls',
  max: 'max',
  mean: 'mean',
  mean_sqrt_len_tokens: 'mean-sqrt',
  weightedmean: 'weighted-mean',
  lasttoken: 'last',
};
/** Modules that the exported graph does not hold, and that are done here. */
const KNOWN_MODULES = new Set(['Transformer', 'Pooling', 'Normalize']);

/**
 * How the tokens of a text become one vector: as the manifest says, else as the folder's pooling module.
 * @throws TextOptionsError where neither does, or the folder's model has further steps
 */
export function poolingOf(folder: TextFolder, said: PoolingMode | undefined): readonly PoolingMode[] {
  const further = folder.modules?.find(({ type }) => !KNOWN_MODULES.has(type));
  if (further !== undefined)
    throw new TextOptionsError(
      `modules.json has a ${further.type} module, which the graph does not hold: export the model with it (Optimum does, for sentence-transformers), so that it has an output sentence_embedding.`,
    );
  if (said !== undefined) return [said];
  const { pooling } = folder;
  if (pooling === undefined)
    throw new TextOptionsError(
      'The folder does not say how the vectors of tokens become the one of a text (1_Pooling/config.json): write it in model.json, as "text": {"pooling": "mean"} or "cls". "task": "tensor" serves the tokens themselves.',
    );
  const { pooling_mode: mode } = pooling;
  const named = typeof mode === 'string' ? NAMES[mode] : undefined;
  if (named !== undefined) return [named];
  const modes = MODES.filter(([key]) => pooling[key] === true).map(([, one]) => one);
  if (modes.length > 0) return modes;
  throw new TextOptionsError(
    'The pooling config.json names no mode that is known: write "text": {"pooling": …} in model.json.',
  );
}
