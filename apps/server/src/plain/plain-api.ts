import { Injectable } from '@nestjs/common';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { pathParameter } from '../openapi/operation.ts';
import { schemaName } from '../openapi/record-schema.ts';
import type { Schema } from '../openapi/schema.ts';
import { PICTURE_SCHEMA, predictionSchema, predictOperation } from './predict-operation.ts';

const VERSION = pathParameter('version', 'One of the versions that are served.');

/** Nestor's own format in the API's description: `/predict`, typed by each model's features. */
@Injectable()
export class PlainApi {
  constructor(apis: ApiParts) {
    apis.add(describe);
  }
}

function describe({ models, defaultModel, maxRowsOf }: ServedModels): ApiPart {
  const paths: Record<string, Schema> = {};
  const schemas: Record<string, Schema> = {};
  if (defaultModel) paths['/predict'] = { post: predictOperation(defaultModel, 'predict', maxRowsOf(defaultModel)) };
  for (const model of models) {
    const name = schemaName(model.name);
    const path = `/models/${model.name}`;
    paths[`${path}/predict`] = { post: predictOperation(model, `predict${name}`, maxRowsOf(model)) };
    paths[`${path}/versions/{version}/predict`] = {
      parameters: [VERSION],
      post: predictOperation(model, `predict${name}Version`, maxRowsOf(model)),
    };
    schemas[`${name}Prediction`] = predictionSchema(model);
    if (model.manifest.image) schemas['Picture'] = PICTURE_SCHEMA;
  }
  const tags = models.map(({ name, manifest }) => ({
    name,
    description: manifest.description ?? manifest.title ?? name,
  }));
  return { tags, paths, schemas };
}
