import Negotiator from 'negotiator';

/**
 * The media type that an Accept header prefers, by its weights; the first among equals, and undefined if it accepts
 * none.
 */
export function preferredType<Type extends string>(accept: string | undefined, types: Type[]): Type | undefined {
  return new Negotiator({ headers: { accept } }).mediaType(types) as Type | undefined;
}

/** Whether an Accept header prefers a page for people to data for programs. */
export function wantsPage(accept: string | undefined): boolean {
  return preferredType(accept, ['application/json', 'text/html']) === 'text/html';
}

/** The API of version 1; the published types describe version 0.6. */
interface EncodingNegotiator {
  encoding(available: readonly string[], options: { readonly preferred: readonly string[] }): string | undefined;
}

/**
 * The encoding that an Accept-Encoding header prefers, by its weights; the first among equals, and undefined if it
 * prefers none of them.
 */
export function preferredEncoding<Encoding extends string>(
  acceptEncoding: string,
  encodings: readonly Encoding[],
): Encoding | undefined {
  const headers = { 'accept-encoding': acceptEncoding };
  const negotiator = new Negotiator({ headers }) as unknown as EncodingNegotiator;
  const preferred = negotiator.encoding([...encodings, 'identity'], { preferred: encodings });
  return preferred === 'identity' ? undefined : (preferred as Encoding | undefined);
}
