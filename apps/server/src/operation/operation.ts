import type { NestorError } from '#errors';

/** Who may send a request. */
export type Access =
  /** Everyone. */
  | 'open'
  /** Everyone, unless `PROTECT_METRICS` asks those who scrape for a key. */
  | 'scrape'
  /** Everyone who asks for the console's page, which holds no model and no figure; for all else as `key`. */
  | 'page'
  /** Who has an API key, where the server asks for keys. */
  | 'key'
  /** Who has an admin key, where models may be changed while they are served. */
  | 'admin';

/** What a route or a gRPC method is: declared beside it, and read by all that holds for every request. */
export interface Operation<Request, RenderedError> {
  readonly access: Access;
  /** Asked by machines, again and again: a success is logged at debug level only. */
  readonly probe: boolean;
  /** An error as the protocol writes it. */
  readonly renderError: (error: NestorError, request: Request) => RenderedError;
}
