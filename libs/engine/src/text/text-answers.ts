import type { PredictionOptions } from '#features';
import { entitiesOf, entityLabels, normalised, pooled, type TextPlan, type TextTokenizer } from '#text';
import { floatsOf, type Tensor, tensorOf, type Tensors, type TensorSpec } from '#tensor';
import type { ReadText } from './text-model.ts';

/** The answers of a task to texts. */
export interface TextAnswers {
  readonly outputs: readonly TensorSpec[];
  /** The members that these outputs become. */
  readonly options: PredictionOptions;
  /** Creates them from the model's output for each text: a tensor [1, …], in which padding comes last. */
  readonly of: (texts: readonly ReadText[], answered: readonly Tensor[]) => Tensors;
}

export function textAnswersOf(plan: TextPlan, tokenizer: TextTokenizer): TextAnswers {
  switch (plan.task) {
    case 'text-embedding':
      return embeddings(plan);
    case 'text-classification':
      return classes(plan);
    case 'rerank':
      return scores();
    case 'token-classification':
      return entities(plan, tokenizer);
  }
}

function embeddings({ pooling, normalise, output }: TextPlan): TextAnswers {
  const width = output.shape.at(-1)!;
  const size = width * Math.max(1, pooling.length);
  const vectorOf = (tensor: Tensor, length: number): Float32Array => {
    const data = Float32Array.from(floatsOf(tensor));
    if (pooling.length > 0) return pooled({ data, length, width }, pooling, normalise);
    return normalise ? normalised(data) : data;
  };
  return {
    outputs: [{ name: 'embedding', datatype: 'FP32', shape: [-1, size] }],
    options: { outputs: { prediction: { from: 'embedding', as: 'embedding' } } },
    of: (texts, answered) => {
      const data = new Float32Array(texts.length * size);
      for (const [row, { tokens }] of texts.entries())
        data.set(vectorOf(answered[row]!, tokens.ids.length), row * size);
      return { embedding: tensorOf('FP32', [texts.length, size], data) };
    },
  };
}

/** The lowest probability of a label, if several may apply to a text. */
const LIKELY = 0.5;

function classes({ output, labels, hasManyLabels }: TextPlan): TextAnswers {
  const width = output.shape.at(-1)!;
  const probabilities = hasManyLabels
    ? ({ from: 'logits', activation: 'sigmoid', threshold: LIKELY } as const)
    : ({ from: 'logits', activation: 'softmax' } as const);
  return {
    outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, width] }],
    options: { outputs: { probabilities }, ...(labels && { labels }) },
    of: (texts, answered) => {
      const data = new Float32Array(texts.length * width);
      for (const [row, tensor] of answered.entries()) data.set(floatsOf(tensor), row * width);
      return { logits: tensorOf('FP32', [texts.length, width], data) };
    },
  };
}

/** How well a text answers a query: the probability and its logit. */
function scores(): TextAnswers {
  return {
    outputs: [
      { name: 'score', datatype: 'FP32', shape: [-1] },
      { name: 'logit', datatype: 'FP32', shape: [-1] },
    ],
    options: { outputs: { prediction: { from: 'score', as: 'value' } } },
    of: (texts, answered) => {
      const logits = Float32Array.from(answered, (tensor) => floatsOf(tensor)[0]!);
      const score = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
      return { score: tensorOf('FP32', [texts.length], score), logit: tensorOf('FP32', [texts.length], logits) };
    },
  };
}

function entities({ labels = [] }: TextPlan, tokenizer: TextTokenizer): TextAnswers {
  return {
    outputs: [{ name: 'entities', datatype: 'BYTES', shape: [-1] }],
    options: { outputs: { prediction: { from: 'entities', as: 'entities', labels: entityLabels(labels) } } },
    of: (texts, answered) => {
      const found = texts.map(({ text, tokens }, row) =>
        JSON.stringify(entitiesOf(text, tokens, Float32Array.from(floatsOf(answered[row]!)), labels, tokenizer)),
      );
      return { entities: tensorOf('BYTES', [texts.length], found) };
    },
  };
}
