type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/**
 * Parses JSON with whole numbers that no double holds as text, so that their digits are shown as they came. A browser that
 * does not tell what a number was read from rounds them.
 */
export function parseWithDigits(text: string): unknown {
  const digits: Reviver = (_key, value, { source = '' } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value;
  return JSON.parse(text, digits);
}
