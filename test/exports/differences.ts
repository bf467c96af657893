/** By how much a number may miss the framework's: of one beyond 1, that part of it. */
const TOLERANCE = 1e-5;

/** Where an answer is not the framework's, a sentence a place: keys and labels must be the same, numbers nearly. */
export function differences(answered: unknown, expected: unknown, place = 'answer'): readonly string[] {
  if (typeof expected === 'object' && expected !== null) {
    const [keys, expectedKeys] = [keysOf(answered), keysOf(expected)];
    if (keys.join() !== expectedKeys.join()) return [`${place} has [${keys.join()}], not [${expectedKeys.join()}]`];
    return keys.flatMap((key) => differences(memberOf(answered, key), memberOf(expected, key), `${place}.${key}`));
  }
  const isRight =
    typeof expected === 'number' && typeof answered === 'number'
      ? Math.abs(answered - expected) <= TOLERANCE * Math.max(1, Math.abs(expected))
      : answered === expected;
  return isRight ? [] : [`${place} is ${JSON.stringify(answered)}, not ${JSON.stringify(expected)}`];
}

const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [typeof value];

const memberOf = (value: unknown, key: string): unknown => (value as Record<string, unknown>)[key];
