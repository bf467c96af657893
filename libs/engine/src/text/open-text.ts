import type { Manifest } from '#models';
import type { Signature } from '#tensor';
import { planText, readTextFolder, takesTokens, TextOptionsError, type TextTask, TextTokenizer } from '#text';
import { TextModel } from './text-model.ts';

const TASKS: readonly string[] = [
  'text-embedding',
  'text-classification',
  'rerank',
  'token-classification',
] satisfies TextTask[];

/** The features that a row of a text model may have. */
const FIELDS: readonly string[] = ['text', 'query'];

/**
 * A model is a text model if it takes tokens and its folder has the tokenizer, unless its manifest has another task, or
 * features other than texts.
 *
 * @returns undefined for a model that is served as tensors
 * @throws TextOptionsError if the manifest asks for a text model that the folder does not hold, or its files do not fit
 */
export async function openText(manifest: Manifest, signature: Signature, path: string): Promise<TextModel | undefined> {
  const { task, features, text: options = {} } = manifest;
  const asked = isTextTask(task) ? task : undefined;
  const isAsked = asked !== undefined || manifest.text !== undefined;
  const areTensors = features?.some(({ name }) => !FIELDS.includes(name)) === true;
  if (!isAsked && (task !== undefined || areTensors)) return undefined;
  if (!takesTokens(signature)) {
    if (!isAsked) return undefined;
    const inputs = signature.inputs.map(({ name }) => name).join(', ');
    throw new TextOptionsError(`A text model has the inputs input_ids and attention_mask; this one has ${inputs}.`);
  }
  const folder = await readTextFolder(path);
  if (folder === undefined) {
    if (!isAsked) return undefined;
    throw new TextOptionsError('A text model needs its tokenizer.json beside the model file.');
  }
  const plan = planText(folder, signature, options, asked);
  if (plan === undefined) {
    if (!isAsked) return undefined;
    throw new TextOptionsError(
      `Its config.json does not say what the model is for: write a "task", one of ${TASKS.join(', ')}.`,
    );
  }
  return new TextModel(plan, await TextTokenizer.open(folder, plan), signature);
}

const isTextTask = (task: string | undefined): task is TextTask => TASKS.includes(task ?? '');
