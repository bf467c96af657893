type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/**
 * Parses JSON. Keeps whole numbers that a double cannot hold as text, so that the page shows all their digits. Browsers
 * without access to a number's source text round them.
 */
export function parseWithDigits(text: string): unknown {
  const digits: Reviver = (_key, value, { source = '' } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value;
  return JSON.parse(text, digits);
}
