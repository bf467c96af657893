import type { Datatype } from '#tensor';

export const FEATURE_TYPES = ['number', 'integer', 'boolean', 'string'] as const;

export type FeatureType = (typeof FEATURE_TYPES)[number];

export type Category = string | number | boolean;

/** A feature in a manifest. The model's signature gives everything that is left out, except the name. */
export interface DeclaredFeature {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly type?: FeatureType;
  /** The input tensor it feeds; default: the input of the same name, else the model's only input. */
  readonly input?: string;
  /** The shape of its value in one row, -1 for a dimension of any size. */
  readonly shape?: readonly number[];
  /** Lowest and highest value the model takes; a value outside is an error. */
  readonly range?: readonly [number, number];
  /** Lowest and highest value seen in training; a value outside gets a warning. */
  readonly seen?: readonly [number, number];
  /** The only values the model takes. */
  readonly categories?: readonly Category[];
  /** The values seen in training; another value gets a warning. */
  readonly seenCategories?: readonly Category[];
  /** The value if a row has none, or null. For a tensor, lists of its shape, or one value for all elements. */
  readonly default?: unknown;
  /** Whether null, an absent key of a record and an empty CSV cell are NaN in the tensor. */
  readonly missing?: boolean;
  readonly example?: unknown;
}

/** One named value of a row. */
export interface Feature extends DeclaredFeature {
  readonly type: FeatureType;
  readonly input: string;
  /** The shape of its value in one row, -1 for a dimension of any size; [] is a scalar. */
  readonly shape: readonly number[];
  /**
   * Set if the manifest names no features and the model's only input is [rows, columns]: columns with any names then
   * stand for its columns by position.
   */
  readonly byPosition?: true;
  /**
   * Set if the default of a tensor is one value for all elements: the dimension that gives each open dimension its
   * length; null for the others.
   */
  readonly lengths?: readonly (LengthOf | null)[];
}

/** A dimension of the value that another feature has in one row. */
export interface LengthOf {
  readonly feature: string;
  readonly dimension: number;
}

/** A feature of a manifest does not fit the model. The message says which one and what to do. */
export class FeatureError extends Error {
  override readonly name = 'FeatureError';
}

export const isFloat = (datatype: Datatype): boolean => datatype.startsWith('FP');

/** The type of a feature by its tensor's datatype, if the manifest has none. */
export function typeOf(datatype: Datatype): FeatureType {
  if (datatype === 'BYTES') return 'string';
  if (datatype === 'BOOL') return 'boolean';
  return isFloat(datatype) ? 'number' : 'integer';
}
