import type { NestorError } from '#errors';
import type { Sender } from '../access/client.ts';
import type { PredictionRequest } from '../prediction/prediction-operation.ts';

declare module 'fastify' {
  interface FastifyRequest extends Omit<PredictionRequest, 'id'>, Pick<Sender, 'acceptedKey'> {
    /** The path of this server's root for clients, without a trailing slash. */
    publicPath(): string;
    /** Set if the response is an error. */
    failure: NestorError | null;
    /** Whether the request's outcome is recorded. */
    recorded: boolean;
    /** The bytes counted for it in the memory budget. */
    heldBytes: number;
  }
}
