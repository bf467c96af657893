import { Injectable } from '@nestjs/common';
import type { ModelVersion } from '#engine';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { pathParameter } from '../openapi/operation.ts';
import type { Schema } from '../openapi/schema.ts';
import { PICTURE_SCHEMA, predictionSchema, predictOperation } from './predict-schemas.ts';

const VERSION = pathParameter('version', 'One of the versions that are served.');

/** Nestor's own format in the API's description: `/predict`, typed by each model's features. */
@Injectable()
export class PlainApi {
  constructor(apis: ApiParts) {
    apis.add(describe);
  }
}

function describe({ models, defaultModel, schemaOf }: ServedModels): ApiPart {
  const paths: Record<string, Schema> = {};
  const schemas: Record<string, Schema> = {};
  const post = (model: ModelVersion, id: string): Schema => predictOperation(model, schemaOf(model), id);
  if (defaultModel) paths['/predict'] = { post: post(defaultModel, 'predict') };
  for (const model of models) {
    const name = schemaOf(model);
    const path = `/models/${model.name}`;
    paths[`${path}/predict`] = { post: post(model, `predict${name}`) };
    paths[`${path}/versions/{version}/predict`] = {
      parameters: [VERSION],
      post: post(model, `predict${name}Version`),
    };
    schemas[`${name}Prediction`] = predictionSchema(model);
    if (model.manifest.image) schemas[`${name}Picture`] = PICTURE_SCHEMA;
  }
  const tags = models.map(({ name, manifest }) => ({
    name,
    description: manifest.description ?? manifest.title ?? name,
  }));
  return { tags, paths, schemas };
}
