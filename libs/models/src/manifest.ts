import type { ErrorObject } from 'ajv';
import { clip } from '#errors';
import type { Manifest } from './manifest-type.ts';
import { manifestValidator } from './manifest-validator.ts';
import { RepositoryError } from './repository-error.ts';

const MAX_SENTENCES = 8;
/** Keys of earlier versions, and their replacements. */
const RETIRED: Readonly<Record<string, string>> = {
  'limits.maxQueuedRows': 'use limits.maxQueueMs, the longest time that a request waits, instead',
};

/**
 * The manifest in the text of a model.json, checked against model.schema.json.
 *
 * @param file the path of the text, for messages.
 * @throws RepositoryError naming the file and every key that is wrong.
 */
export function parseManifest(text: string, file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RepositoryError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
  const validate = manifestValidator();
  if (validate(value)) return value;
  const sentences = [...new Set((validate.errors ?? []).filter(isNotOfABranch).map(sentence))];
  const shown = sentences.slice(0, MAX_SENTENCES);
  if (sentences.length > shown.length) shown.push(`and ${sentences.length - shown.length} more`);
  throw new RepositoryError(`${file}: ${shown.join('; ')}.`);
}

/** The only `oneOf` is that of `versions`. Its branches' own errors would say less than the list of allowed forms. */
function isNotOfABranch(error: ErrorObject): boolean {
  return !error.schemaPath.includes('/oneOf/');
}

function sentence(error: ErrorObject): string {
  const where = place(error.instancePath);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const successor = RETIRED[`${where}.${params['additionalProperty'] as string}`];
      if (successor !== undefined)
        return `${where}.${params['additionalProperty'] as string} is no longer a key: ${successor}`;
      const allowed = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
      return `${where} has the key ${shown(params['additionalProperty'])}, which is none of ${allowed.join(', ')}`;
    }
    case 'required':
      return `${where} needs the key ${shown(params['missingProperty'])}`;
    case 'type':
      return `${where} must be ${[params['type']].flat().join(' or ')}, not ${shown(error.data)}`;
    case 'enum':
      return `${where} must be one of ${(params['allowedValues'] as unknown[]).map(shown).join(', ')}, not ${shown(error.data)}`;
    case 'oneOf':
      return `${where} must be "latest", "all", {"latest": n} or a list of version numbers, not ${shown(error.data)}`;
    default:
      return `${where} ${error.message ?? 'is not valid'}`;
  }
}

/** `/features/2/range` as `features[2].range`. */
function place(pointer: string): string {
  if (pointer === '') return 'the manifest';
  const parts = pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.map((part, at) => (/^\d+$/.test(part) ? `[${part}]` : at === 0 ? part : `.${part}`)).join('');
}

function shown(value: unknown): string {
  return clip(JSON.stringify(value));
}
