import type { Schema } from './schema.ts';

/** The two ways to send a key. */
export const SECURITY_SCHEMES: Schema = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
};

/** Requires a key, sent in either way. */
export const ANY_KEY: readonly Schema[] = [{ bearer: [] }, { apiKey: [] }];
