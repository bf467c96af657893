import { type Issue, NestorError } from '#errors';
import type { PictureSource } from './image-reader.ts';

const DATA_URL = /^data:[^,]{0,200};base64,/;
const NOT_BASE64 = /[^A-Za-z0-9+/\-_=\s]/;
const FORMS = 'one of {"image": base64 or data URL}, {"b64": base64} or {"pixels": [0 to 255, …]} is expected';
/** As TensorFlow Serving has files in JSON. */
interface Encoded {
  readonly b64: string;
}

/** The pictures of a JSON body, with what its records hold beside them. */
export interface PictureRecords {
  readonly pictures: readonly PictureSource[];
  readonly beside: readonly JsonRecord[];
}

export type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * The pictures in a JSON body: one record, a list of records, or `{"instances": [records]}`; a record is one of
 * `{"image": "<base64 or data URL>"}`, `{"b64": "<base64>"}`, `{"image": {"b64": "<base64>"}}` by whatever name, and
 * `{"pixels": [levels]}`, and may hold values of features beside the picture.
 *
 * @param features names of the model's own features, which go first
 * @param others those of them that feed other inputs than the picture's
 * @returns undefined where the first record is none of these
 * @throws NestorError INVALID_ROWS where another one is not
 */
export function picturesIn(
  body: unknown,
  features: ReadonlySet<string>,
  others: ReadonlySet<string>,
): PictureRecords | undefined {
  const records = recordsOf(body).map((record) => apart(record, others));
  if (pictureIn(records[0]?.own, features) === undefined) return undefined;
  const issues: Issue[] = [];
  const pictures = records.map(({ own }, row) => {
    const picture = pictureIn(own, features);
    const wrong = picture === undefined ? `is no picture: ${FORMS}` : flawOf(picture);
    if (wrong !== undefined) issues.push({ row, detail: `row ${row} ${wrong}` });
    return typeof picture === 'string' ? Buffer.from(picture, 'base64') : picture!;
  });
  if (issues.length === 0) return { pictures, beside: records.map(({ beside }) => beside) };
  throw new NestorError('INVALID_ROWS', issues[0]!.detail, { errors: issues.slice(0, 100) });
}

const NOTHING: JsonRecord = {};

/** A record's own picture, and what stands beside it. */
function apart(record: unknown, others: ReadonlySet<string>): { readonly own: unknown; readonly beside: JsonRecord } {
  if (others.size === 0 || typeof record !== 'object' || record === null || Array.isArray(record))
    return { own: record, beside: NOTHING };
  const [own = [], beside = []] = [false, true].map((isBeside) =>
    Object.entries(record).filter(([name]) => others.has(name) === isBeside),
  );
  return { own: Object.fromEntries(own), beside: Object.fromEntries(beside) };
}

function recordsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  const [name, value] = onlyMemberOf(body) ?? [];
  return name === 'instances' && Array.isArray(value) ? value : [body];
}

/** The base64 text of a file, or pixels. */
function pictureIn(
  record: unknown,
  features: ReadonlySet<string>,
): string | { pixels: readonly unknown[] } | undefined {
  const [name, value] = onlyMemberOf(record) ?? [];
  if (name === 'pixels') return Array.isArray(value) && !features.has(name) ? { pixels: value } : undefined;
  if (name === 'b64') return typeof value === 'string' ? value : undefined;
  // A feature's own value is never an object.
  if (isEncoded(value)) return withoutUrl(value.b64);
  return name === 'image' && typeof value === 'string' ? withoutUrl(value) : undefined;
}

const isEncoded = (value: unknown): value is Encoded => {
  const [name, text] = onlyMemberOf(value) ?? [];
  return name === 'b64' && typeof text === 'string';
};

const withoutUrl = (text: string): string => text.replace(DATA_URL, '');

/** Name and value of an object that has no other member. */
function onlyMemberOf(value: unknown): readonly [name: string, value: unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [member, ...others] = Object.entries(value) as [string, unknown][];
  return others.length === 0 ? member : undefined;
}

function flawOf(picture: string | object): string | undefined {
  return typeof picture === 'string' && NOT_BASE64.test(picture) ? 'is not base64' : undefined;
}
