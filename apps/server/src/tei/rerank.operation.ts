import type { Engine } from '#engine';
import { describe, NestorError } from '#errors';
import { shortestFloat32 } from '#features';
import type { HttpPrediction } from '../http/operation.ts';
import {
  finiteOf,
  requireCount,
  requireWhole,
  runOfTexts,
  targetFor,
  textModelFor,
  type TextsQuestion,
} from '../prediction/texts.ts';
import { tensorOf } from '#tensor';
import { CUT } from './embed.operation.ts';
import { renderError } from './error-form.ts';
import { flagOf, membersOf, modelOf } from './request-members.ts';

interface RerankQuestion extends TextsQuestion {
  /** Returns logits instead of probabilities. */
  readonly raw: boolean;
  readonly withText: boolean;
}

/** `POST /rerank`: ranks texts by how well they answer the query, best first. */
export const rerankOperation = (engine: Engine): HttpPrediction<RerankQuestion, string> => ({
  name: 'prediction',
  access: 'key',
  probe: false,
  renderError,
  target: (request) => targetFor(engine, 'rerank', modelOf(request)),
  decode: async (request, model, { gone }) => {
    const members = membersOf(request, ['query', 'texts', 'truncate', 'raw_scores', 'return_text']);
    const text = textModelFor(model, 'rerank');
    const { query } = members;
    if (typeof query !== 'string') throw invalid(`"query" is ${describe(query)}; a text is expected.`);
    const list = listOf(members['texts'], model.limits.maxRows);
    const inputs = {
      query: tensorOf(
        'BYTES',
        [list.length],
        list.map(() => query),
      ),
      text: tensorOf('BYTES', [list.length], [...list]),
    };
    const texts = await text.read(inputs, list.length, gone);
    if (!flagOf(members, 'truncate', false)) requireWhole(texts, text, CUT);
    const withText = flagOf(members, 'return_text', false);
    return { run: runOfTexts(texts), texts, raw: flagOf(members, 'raw_scores', false), withText };
  },
  encode: (outputs, { texts, raw, withText }) => {
    const scores = finiteOf(outputs[raw ? 'logit' : 'score']!);
    const ranks = texts.map(({ row, text }) => ({
      index: row,
      ...(withText && { text }),
      score: shortestFloat32(scores[row]!),
    }));
    return JSON.stringify(ranks.sort((one, other) => other.score - one.score || one.index - other.index));
  },
  describe: ({ body }, answer) => ({ payload: (body as Buffer).toString(), answer }),
});

function listOf(value: unknown, maxRows: number): readonly string[] {
  if (!Array.isArray(value)) throw invalid(`"texts" is ${describe(value)}; a list of texts is expected.`);
  requireCount(value, 'texts', maxRows);
  const wrong = value.findIndex((item) => typeof item !== 'string');
  if (wrong !== -1) throw invalid(`"texts" has ${describe(value[wrong])} at ${wrong}; texts are expected.`);
  return value as readonly string[];
}

const invalid = (detail: string): NestorError => new NestorError('INVALID_REQUEST', detail);
