import { Injectable } from '@nestjs/common';
import type { ModelVersion } from '#engine';
import type { Schema } from './schema.ts';

/** What is served when the API is described. */
export interface ServedModels {
  /** The version of each model that answers by default. */
  readonly models: readonly ModelVersion[];
  readonly defaultModel: ModelVersion | undefined;
  /** What the schema of a model's rows is called; its others have a word behind that (see `schemaNames`). */
  readonly schemaOf: (model: ModelVersion) => string;
}

/** What one protocol has to say of the API. */
export interface ApiPart {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Path items by path. */
  readonly paths: Readonly<Record<string, Schema>>;
  /** Components that these refer to, by name. */
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly responses?: Readonly<Record<string, Schema>>;
  readonly parameters?: Readonly<Record<string, Schema>>;
  readonly requestBodies?: Readonly<Record<string, Schema>>;
}

/**
 * The protocols that are switched on, as far as they describe themselves: this room puts their parts together and knows
 * none of their formats.
 */
@Injectable()
export class ApiParts {
  private readonly parts: ((served: ServedModels) => ApiPart)[] = [];

  add(part: (served: ServedModels) => ApiPart): void {
    this.parts.push(part);
  }

  describe(served: ServedModels): readonly ApiPart[] {
    return this.parts.map((part) => part(served));
  }
}
