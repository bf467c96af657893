import type { NestorError } from '#errors';

/** What a request was answered from; the access line and the metrics read it. */
export interface Served {
  readonly model: string;
  readonly version: string;
  rows: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by every predict and infer route as soon as the model is known. */
    served: Served | null;
    /** Set where the answer is an error. */
    failure: NestorError | null;
  }
}
