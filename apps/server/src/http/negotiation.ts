import Negotiator from 'negotiator';

/**
 * Which of these media types an Accept header prefers, by its weights; the first of them where it leaves the choice, and
 * undefined where it takes none.
 */
export function preferredType<Type extends string>(accept: string | undefined, types: Type[]): Type | undefined {
  return new Negotiator({ headers: { accept } }).mediaType(types) as Type | undefined;
}

/** Whether an Accept header prefers a page for people to data for programs. */
export function wantsPage(accept: string | undefined): boolean {
  return preferredType(accept, ['application/json', 'text/html']) === 'text/html';
}

/** Of version 1; the published types are those of 0.6. */
interface EncodingNegotiator {
  encoding(available: readonly string[], options: { readonly preferred: readonly string[] }): string | undefined;
}

/**
 * Which of these codings an Accept-Encoding header prefers, by its weights; the first of them where it leaves the choice,
 * and undefined where it prefers none.
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
