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

/** What a row of texts has. */
const FIELDS: readonly string[] = ['text', 'query'];

/**
 * What makes a model one of texts: where it takes tokens, and its folder has the tokenizer. A manifest with other
 * features than a text, or one that says that it is for tensors, has it served as it is.
 *
 * @throws TextOptionsError where texts are asked for that the folder does not have, or its files do not fit
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
    throw new TextOptionsError(`A model of texts has the inputs input_ids and attention_mask; this one has ${inputs}.`);
  }
  const folder = await readTextFolder(path);
  if (folder === undefined) {
    if (!isAsked) return undefined;
    throw new TextOptionsError('A model of texts needs the tokenizer.json that belongs to it beside its file.');
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
