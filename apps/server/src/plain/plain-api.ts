import { Injectable } from '@nestjs/common';
import type { ModelVersion } from '#engine';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { json, pathParameter } from '../openapi/operation.ts';
import { ref, type Schema } from '../openapi/schema.ts';
import { answerSchema } from './answer-schema.ts';
import { predictOperation, rowsBody, rowsSchema, SHARED, TIMEOUT, TOP } from './predict-schemas.ts';

const PARAMETERS = {
  Version: pathParameter('version', 'A served version.'),
  Top: TOP,
  Timeout: TIMEOUT,
};

/** Describes Nestor's own format, `/predict`, in OpenAPI, typed by each model's features. */
@Injectable()
export class PlainApi {
  constructor(apis: ApiParts) {
    apis.add(describe);
  }
}

function describe({ models, defaultModel, schemaOf }: ServedModels): ApiPart {
  const paths: Record<string, Schema> = {};
  const schemas: Record<string, Schema> = { ...SHARED };
  const responses: Record<string, Schema> = {};
  const requestBodies: Record<string, Schema> = {};
  const post = (model: ModelVersion, id: string): Schema => predictOperation(model, schemaOf(model), id);
  if (defaultModel) paths['/predict'] = { post: post(defaultModel, 'predict') };
  for (const model of models) {
    const name = schemaOf(model);
    const path = `/models/${model.name}`;
    paths[`${path}/predict`] = { post: post(model, `predict${name}`) };
    paths[`${path}/versions/{version}/predict`] = {
      parameters: [{ $ref: '#/components/parameters/Version' }],
      post: post(model, `predict${name}Version`),
    };
    schemas[`${name}Request`] = rowsSchema(model, name);
    schemas[`${name}Prediction`] = answerSchema(model);
    responses[`${name}Prediction`] = json('The predictions, row by row.', ref(`${name}Prediction`));
    requestBodies[`${name}Rows`] = rowsBody(model, name);
  }
  const tags = models.map(({ name, manifest }) => ({
    name,
    description: manifest.description ?? manifest.title ?? name,
  }));
  return { tags, paths, schemas, parameters: PARAMETERS, responses, requestBodies };
}
