import { Injectable } from '@nestjs/common';
import type { TextTask } from '#text';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { ErrorResponses } from '../openapi/error-responses.ts';
import { json, operation } from '../openapi/operation.ts';
import { arrayOf, objectOf, type Schema } from '../openapi/schema.ts';
import { renderError } from './error-form.ts';
import { TEXTS } from '../openapi/texts.ts';

const TAG = {
  name: 'Text embeddings inference',
  description: "The routes of Hugging Face's text-embeddings-inference.",
};
const text: Schema = { type: 'string' };
const number: Schema = { type: 'number' };
const off: Schema = { type: 'boolean', default: false };
const truncate: Schema = {
  ...off,
  description: 'Cuts texts that are too long for the model. Otherwise Nestor rejects them.',
};
const errors = new ErrorResponses('TeiError', renderError);

/** Describes those routes of text-embeddings-inference in OpenAPI for which a model is served. */
@Injectable()
export class TeiApi {
  constructor(apis: ApiParts) {
    apis.add(describe);
  }
}

function describe({ models }: ServedModels): ApiPart {
  const namesFor = (task: TextTask): readonly string[] =>
    models.filter((model) => model.text?.plan.task === task).map(({ name }) => name);
  const [embedding, reranking] = [namesFor('text-embedding'), namesFor('rerank')];
  const paths = {
    ...(embedding.length > 0 && { '/embed': { post: embed(embedding) } }),
    ...(reranking.length > 0 && { '/rerank': { post: rerank(reranking) } }),
  };
  return Object.keys(paths).length === 0
    ? { tags: [], paths, schemas: {} }
    : {
        tags: [TAG],
        paths,
        schemas: { TeiError: objectOf({ error: text, error_type: text }) },
        responses: errors.components,
      };
}

const modelParameter = (names: readonly string[]): Schema => ({
  name: 'model',
  in: 'query',
  description: 'By default, the default model, or the only one for this task.',
  schema: { enum: names },
});

function embed(names: readonly string[]): Schema {
  const normalize: Schema = { type: 'boolean', default: true, description: 'Scales vectors to length 1.' };
  const body = objectOf({ inputs: TEXTS, truncate, normalize }, ['truncate', 'normalize']);
  return operation({
    id: 'embed',
    tag: TAG.name,
    summary: 'Embeddings of texts',
    parameters: [modelParameter(names)],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: body, example: { inputs: ['What is deep learning?'] } } },
    },
    responses: {
      200: json('One vector per text.', arrayOf(arrayOf(number))),
      ...errors.ofPredictions,
    },
  });
}

function rerank(names: readonly string[]): Schema {
  const body = objectOf(
    { query: text, texts: arrayOf(text, { minItems: 1 }), truncate, raw_scores: off, return_text: off },
    ['truncate', 'raw_scores', 'return_text'],
  );
  const rank = objectOf({ index: { type: 'integer', minimum: 0 }, text, score: number }, ['text']);
  const example = { query: 'What is deep learning?', texts: ['Deep learning is …', 'Cheese is …'] };
  return operation({
    id: 'rerank',
    tag: TAG.name,
    summary: 'Rank texts by how well they answer a query',
    parameters: [modelParameter(names)],
    requestBody: { required: true, content: { 'application/json': { schema: body, example } } },
    responses: { 200: json('The texts, best first.', arrayOf(rank)), ...errors.ofPredictions },
  });
}
