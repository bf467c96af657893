import type { Engine, TextModel } from '#engine';
import { NestorError } from '#errors';
import { normalised } from '#text';
import type { HttpPrediction } from '../http/operation.ts';
import {
  requireWhole,
  runOfTexts,
  targetFor,
  textModelFor,
  textsIn,
  type TextsQuestion,
  vectorJson,
  vectorsOf,
} from '../prediction/texts.ts';
import { renderError } from './error-form.ts';
import { flagOf, membersOf, modelOf } from './request-members.ts';

interface EmbedQuestion extends TextsQuestion {
  /** Scales vectors to length 1. */
  readonly normalise: boolean;
}

export const CUT = 'Send it in parts, or send "truncate": true to have it cut.';

/** `POST /embed`: a list of vectors. */
export const embedOperation = (engine: Engine): HttpPrediction<EmbedQuestion, string> => ({
  name: 'prediction',
  access: 'key',
  probe: false,
  renderError,
  target: (request) => targetFor(engine, 'text-embedding', modelOf(request)),
  decode: async (request, model, { gone }) => {
    const members = membersOf(request, ['inputs', 'truncate', 'normalize']);
    const text = textModelFor(model, 'text-embedding');
    const normalise = flagOf(members, 'normalize', true);
    if (!normalise) requireBare(text);
    const texts = await text.readGiven(textsIn(members['inputs'], 'inputs', model.limits.maxRows), gone);
    if (!flagOf(members, 'truncate', false)) requireWhole(texts, text, CUT);
    return { run: runOfTexts(texts), texts, normalise };
  },
  encode: (outputs, { normalise }) => {
    const vectors = vectorsOf(outputs['embedding']!);
    return `[${(normalise ? vectors.map((vector) => normalised(vector)) : vectors).map(vectorJson).join(',')}]`;
  },
  describe: ({ body }, answer) => ({ payload: (body as Buffer).toString(), answer }),
});

function requireBare({ plan }: TextModel): void {
  if (!plan.normalise) return;
  throw new NestorError(
    'INVALID_REQUEST',
    '"normalize" is false, but the files of this model scale its embeddings to length 1 ("text": {"normalise": false} in model.json overrides them).',
  );
}
