import type { NestorError } from '#errors';
import type { Sender } from '../access/client.ts';
import type { PredictionRequest } from '../prediction/prediction-operation.ts';

declare module 'fastify' {
  interface FastifyRequest extends Omit<PredictionRequest, 'id'>, Pick<Sender, 'acceptedKey'> {
    /** Where the client finds the root of this server: a path without a slash at its end. */
    publicPath(): string;
    /** Set where the answer is an error. */
    failure: NestorError | null;
    /** Whether it is written down how the request went. */
    recorded: boolean;
    /** What is counted for it in the memory budget. */
    heldBytes: number;
  }
}
