type Item = string | number;
/** A mark, or an item. */
interface Token {
  readonly mark?: string;
  readonly item: Item;
}

const TOKEN = /\s*(?:(-?\d+)(?![\d.])|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([[\](){},:]))/sy;
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U000([\da-fA-F]{5})|(.))/gs;
const CONTROL: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };

/**
 * A list of texts and whole numbers as exporters write one into a file's metadata: by Python's `str` or as JSON, as a list
 * or as a dictionary of index and item. Undefined for any other text.
 */
export function readList(text: string): readonly Item[] | undefined {
  const tokens = tokensOf(text.trim()) ?? [];
  const [open, close] = [tokens[0]?.mark ?? '', tokens.at(-1)?.mark];
  if (tokens.length < 2 || CLOSING[open] !== close) return undefined;
  const parts = partsOf(tokens.slice(1, -1));
  if (open === '{') return byIndex(parts);
  return parts.every(([token, ...more]) => isItem(token) && more.length === 0)
    ? parts.map(([token]) => token!.item)
    : undefined;
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null) return undefined;
    const [, number, single, double, mark] = found;
    if (mark === undefined) tokens.push({ item: number === undefined ? unescaped(single ?? double!) : Number(number) });
    else tokens.push({ mark, item: mark });
  }
  return tokens;
}

/** What stands between commas; behind the last one there may be nothing. */
function partsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.mark === ',') parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.at(-1)!.length === 0 ? parts.slice(0, -1) : parts;
}

/** The items of `0: item, 1: item, …`, in any order. */
function byIndex(parts: readonly (readonly Token[])[]): readonly Item[] | undefined {
  const items = new Map<number, Item>();
  for (const [key, colon, value, ...more] of parts) {
    if (!isItem(key) || colon?.mark !== ':' || !isItem(value) || more.length > 0) return undefined;
    items.set(Number(key.item), value.item);
  }
  const list = Array.from(parts, (_, index) => items.get(index));
  return list.includes(undefined) ? undefined : (list as Item[]);
}

const isItem = (token: Token | undefined): token is Token => token !== undefined && token.mark === undefined;

function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, byte?: string, unit?: string, point?: string, other?: string) => {
    const code = byte ?? unit ?? point;
    return code === undefined ? (CONTROL[other!] ?? other!) : String.fromCodePoint(Number.parseInt(code, 16));
  });
}
