import { Injectable } from '@nestjs/common';
import type { ModelVersion } from '#engine';
import type { Schema } from './schema.ts';

/** What is served when the API is described. */
export interface ServedModels {
  /** The default version of each model. */
  readonly models: readonly ModelVersion[];
  readonly defaultModel: ModelVersion | undefined;
  /** The name of the schema of a model's rows; its other schemas add a word to it (see `schemaNames`). */
  readonly schemaOf: (model: ModelVersion) => string;
}

/** One protocol's part of the description. */
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
 * The parts of the enabled protocols that describe themselves. This room only joins the parts, and knows none of their
 * formats.
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
