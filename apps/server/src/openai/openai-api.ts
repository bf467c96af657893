import { Injectable } from '@nestjs/common';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { ErrorResponses } from '../openapi/error-responses.ts';
import { json, operation } from '../openapi/operation.ts';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';
import { renderError } from './error-form.ts';
import { TEXTS } from '../openapi/texts.ts';

const TAG = {
  name: 'OpenAI',
  description: "Embeddings in OpenAI's format. Set the base URL of OpenAI's clients to `/v1`.",
};
const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };
const errors = new ErrorResponses('OpenAiError', renderError);

/** Describes OpenAI's embeddings in OpenAPI, if an embedding model is served. */
@Injectable()
export class OpenAiApi {
  constructor(apis: ApiParts) {
    apis.add(describe);
  }
}

function describe({ models }: ServedModels): ApiPart {
  const names = models.filter((model) => model.text?.plan.task === 'text-embedding').map(({ name }) => name);
  if (names.length === 0) return { tags: [], paths: {}, schemas: {} };
  return {
    tags: [TAG],
    paths: { '/v1/embeddings': { post: embeddings(names) } },
    schemas: SCHEMAS,
    responses: errors.components,
  };
}

const SCHEMAS: Readonly<Record<string, Schema>> = {
  OpenAiError: objectOf({
    error: objectOf({ message: text, type: text, param: { type: 'null' }, code: text }),
  }),
  OpenAiEmbeddings: objectOf({
    object: { const: 'list' },
    data: arrayOf(
      objectOf({
        object: { const: 'embedding' },
        index: count,
        embedding: {
          oneOf: [arrayOf({ type: 'number' }), { type: 'string', contentEncoding: 'base64' }],
          description: 'Numbers, or with `base64` the bytes of little-endian 32-bit floats.',
        },
      }),
    ),
    model: text,
    usage: objectOf({ prompt_tokens: count, total_tokens: count }),
  }),
};

function embeddings(names: readonly string[]): Schema {
  const body = objectOf(
    {
      model: { enum: names, description: 'By default, the default model, or the only one for embeddings.' },
      input: TEXTS,
      encoding_format: { enum: ['float', 'base64'], default: 'float' },
      dimensions: { type: 'integer', minimum: 1, description: 'For models whose embeddings can be shortened.' },
      user: { type: 'string', description: 'Ignored.' },
    },
    ['model', 'encoding_format', 'dimensions', 'user'],
  );
  return operation({
    id: 'createEmbeddings',
    tag: TAG.name,
    summary: 'Embeddings of texts',
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: body, example: { model: names[0], input: 'How do I reset my password?' } },
      },
    },
    responses: {
      200: json('The embeddings, in the order of the texts.', ref('OpenAiEmbeddings')),
      ...errors.ofPredictions,
    },
  });
}
