import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { ModelVersion } from '#engine';
import type { Target } from '../prediction/prediction-operation.ts';
import type { Pipeline } from '../prediction/pipeline.ts';

/**
 * For routes whose path names the model: what the path and the headers show to be wrong is answered before the body is read.
 *
 * @param check what else a request needs of the model
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
