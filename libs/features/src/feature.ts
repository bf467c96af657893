import type { Datatype } from '#tensor';

export const FEATURE_TYPES = ['number', 'integer', 'boolean', 'string'] as const;

export type FeatureType = (typeof FEATURE_TYPES)[number];

export type Category = string | number | boolean;

/** What a manifest says of one feature; all but its name may be left to the model's signature. */
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
  /** Lowest and highest value seen in training; a value outside is answered with a warning. */
  readonly seen?: readonly [number, number];
  /** The only values the model takes. */
  readonly categories?: readonly Category[];
  /** The values seen in training; another one is answered with a warning. */
  readonly seenCategories?: readonly Category[];
  /** Stands in for a value that a record leaves out. Of a tensor, lists of its shape, or what each element is. */
  readonly default?: unknown;
  /** Whether null, an absent key and an empty CSV cell are NaN in the tensor. */
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
   * The manifest names no features, and the model's only input is [rows, columns]: columns of any names are its columns, by
   * their position.
   */
  readonly byPosition?: true;
  /**
   * Where the default of a tensor is one value for each element: what the dimensions that its shape leaves open are as long
   * as; null for the others.
   */
  readonly lengths?: readonly (LengthOf | null)[];
}

/** A dimension of the value that another feature has in one row. */
export interface LengthOf {
  readonly feature: string;
  readonly dimension: number;
}

/** A manifest's features that do not fit the model; the message says which and what to do. */
export class FeatureError extends Error {
  override readonly name = 'FeatureError';
}

export const isFloat = (datatype: Datatype): boolean => datatype.startsWith('FP');

/** The type of feature that a tensor takes where the manifest names none. */
export function typeOf(datatype: Datatype): FeatureType {
  if (datatype === 'BYTES') return 'string';
  if (datatype === 'BOOL') return 'boolean';
  return isFloat(datatype) ? 'number' : 'integer';
}
