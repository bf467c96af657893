import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { ModelVersion } from '#engine';
import type { Target } from '../prediction/prediction-operation.ts';
import type { Pipeline } from '../prediction/pipeline.ts';

/**
 * For routes whose path names the model: rejects a request with a wrong path or headers before reading its body.
 *
 * @param check further checks of the request against the model
 */
export function whereModelIsKnown(
  pipeline: Pipeline,
  { target }: { readonly target: (request: FastifyRequest) => Target },
  check: (request: FastifyRequest, model: ModelVersion) => void = () => undefined,
): onRequestHookHandler {
  return (request, _reply, done) => {
    try {
      check(request, pipeline.find(request, target(request)));
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
}
