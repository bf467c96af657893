import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Embeddings {
  readonly embeddings: readonly (readonly number[])[];
}
interface Probabilities {
  readonly probabilities: readonly Readonly<Record<string, number>>[];
}
interface Entity {
  readonly label: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

interface Entities {
  readonly texts: readonly string[];
  readonly entities: readonly (readonly Entity[])[];
}

/** What transformers, PyTorch and NumPy answer to the texts and pairs, by model. */
interface Texts {
  readonly texts: readonly string[];
  readonly pairs: readonly (readonly [query: string, text: string])[];
  readonly models: Readonly<Record<'embedding' | 'embedding-cls' | 'embedding-last' | 'without-mask', Embeddings>> &
    Readonly<Record<'sentiment' | 'topics', Probabilities>> & {
      readonly reranker: { readonly logits: readonly number[]; readonly scores: readonly number[] };
    } & Readonly<Record<'entities' | 'entities-bytes', Entities>>;
}

export const texts = JSON.parse(readFileSync(join(import.meta.dirname, 'texts', 'golden.json'), 'utf8')) as Texts;
