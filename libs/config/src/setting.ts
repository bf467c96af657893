import { ArrayUnique, IsIn, IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';

/** What defaults that depend on the surroundings of the process are derived from. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean;
}

/** One setting: everything that the reader, the docs and `--help` know about it. */
export interface Setting {
  /** The property of the settings class. */
  readonly field: string;
  /** The environment variable. */
  readonly name: string;
  /** What a value must be, after "must be". */
  readonly rule: string;
  readonly unit: string | undefined;
  readonly description: string;
  /** The default as people read it, in Markdown: a value as code, anything else in words. */
  readonly defaultText: string;
  /** Converts the text strictly; a text that does not convert stays a text, which the rule rejects. */
  readonly parse: (text: string) => unknown;
  readonly defaultValue: (surroundings: Surroundings) => unknown;
}

/** A default is a value, or is decided from the surroundings, or is left to another part of the program (no value). */
type Default<T> =
  | { readonly default: T }
  | { readonly default: (surroundings: Surroundings) => T; readonly defaultText: string }
  | { readonly defaultText: string };

type About<T> = Default<T> & { readonly description: string; readonly unit?: string };

type Kind = Pick<Setting, 'rule' | 'parse'> & { readonly checks: readonly PropertyDecorator[] };

const settingsByClass = new Map<object, Setting[]>();

/** The settings that a class declares, in order of declaration. */
export function settingsOf(settingsClass: abstract new () => unknown): readonly Setting[] {
  return settingsByClass.get(settingsClass) ?? [];
}

function declare<T>(name: string, kind: Kind, about: About<T>): PropertyDecorator {
  return (target, property) => {
    const fallback = 'default' in about ? about.default : undefined;
    const setting: Setting = {
      field: String(property),
      name,
      rule: kind.rule,
      unit: about.unit,
      description: about.description,
      defaultText: 'defaultText' in about ? about.defaultText : `\`${String(fallback)}\``,
      parse: kind.parse,
      defaultValue: typeof fallback === 'function' ? (fallback as (surroundings: Surroundings) => T) : () => fallback,
    };
    const declared = settingsByClass.get(target.constructor) ?? [];
    settingsByClass.set(target.constructor, [...declared, setting]);
    for (const check of kind.checks) check(target, property);
    if (fallback === undefined) IsOptional()(target, property);
  };
}

/** A whole number from `min` to `max`, written in decimal digits and nothing else. */
export function Integer(name: string, min: number, max: number, about: About<number>): PropertyDecorator {
  const rule = `a whole number from ${min} to ${max}`;
  const message = `${name} must be ${rule}`;
  const checks = [IsInt({ message }), Min(min, { message }), Max(max, { message })];
  return declare(name, { rule, parse: (text) => (/^-?\d+$/.test(text) ? Number(text) : text), checks }, about);
}

/** One of a few words, spelled exactly. */
export function OneOf<const T extends string>(name: string, allowed: readonly T[], about: About<T>): PropertyDecorator {
  const rule = `one of ${allowed.join(', ')}`;
  return declare(
    name,
    { rule, parse: (text) => text, checks: [IsIn(allowed, { message: `${name} must be ${rule}` })] },
    about,
  );
}

/** Some of a few words, each at most once, with commas between them. */
export function SomeOf<const T extends string>(
  name: string,
  allowed: readonly T[],
  about: About<readonly T[]>,
): PropertyDecorator {
  const rule = `some of ${allowed.join(', ')}, with commas between them`;
  const message = `${name} must be ${rule}`;
  const checks = [IsIn(allowed, { each: true, message }), ArrayUnique({ message })];
  return declare(name, { rule, parse: (text) => text.split(',').map((word) => word.trim()), checks }, about);
}

/** A text without surrounding blanks; `accepts` restricts it, and `rule` describes the restriction. */
export function Text(
  name: string,
  rule: string,
  accepts: (text: string) => boolean,
  about: About<string>,
): PropertyDecorator {
  const check = ValidateBy(
    {
      name: 'text',
      validator: { validate: (value) => typeof value === 'string' && value.trim() === value && accepts(value) },
    },
    { message: `${name} must be ${rule}` },
  );
  return declare(name, { rule, parse: (text) => text, checks: [check] }, about);
}

/** A number greater than another setting's; checked only if both numbers are valid by themselves. */
export function GreaterThan(other: string, message: string): PropertyDecorator {
  return ValidateBy(
    {
      name: 'greaterThan',
      validator: {
        validate(value, context) {
          const bound: unknown = (context?.object as Record<string, unknown> | undefined)?.[other];
          return typeof value !== 'number' || typeof bound !== 'number' || value > bound;
        },
      },
    },
    { message },
  );
}

/** If this setting has the value, another one must be set. */
export function Requires(other: string, when: string, message: string): PropertyDecorator {
  return ValidateBy(
    {
      name: 'requires',
      validator: {
        validate: (value, context) =>
          value !== when || (context?.object as Record<string, unknown> | undefined)?.[other] !== undefined,
      },
    },
    { message },
  );
}
