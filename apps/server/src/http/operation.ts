import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import type { Operation as AnyOperation } from '../operation/operation.ts';
import type { PredictionOperation, Question } from '../prediction/prediction-operation.ts';
import { renderProblem } from './problem.ts';
import type { ErrorResponse } from './send-error.ts';

export type HttpOperation = AnyOperation<FastifyRequest, ErrorResponse>;

/** A way to ask for predictions over HTTP. */
export type HttpPrediction<Asked extends Question, Answer> = PredictionOperation<
  FastifyRequest,
  Asked,
  Answer,
  ErrorResponse
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route is, as far as it differs from the ordinary. */
    operation?: Partial<HttpOperation>;
  }
}

const ORDINARY: HttpOperation = { access: 'key', probe: false, renderError: renderProblem };

/** What a route is. Where nothing is declared it takes a key, if the server asks for keys, and answers errors as problems. */
export const operationOf = ({ config }: { readonly config?: FastifyContextConfig }): HttpOperation => ({
  ...ORDINARY,
  ...config?.operation,
});

/**
 * Declares what the route of a controller's method is, or, on the controller, what all of its routes are; where both say
 * the same thing, the method's word counts.
 */
export function Operation(parts: Partial<HttpOperation>): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, method?: PropertyDescriptor) => {
    const methods = method === undefined ? methodsOf(target as NewableFunction) : [method.value as NewableFunction];
    for (const handler of methods) declare(handler, parts);
  };
}

const { KEY } = RouteConfig(undefined);

/** Method decorators run before those of their class: what stands there already was said of the method. */
function declare(handler: NewableFunction, parts: Partial<HttpOperation>): void {
  const config = Reflect.getMetadata(KEY, handler) as FastifyContextConfig | undefined;
  RouteConfig({ ...config, operation: { ...parts, ...config?.operation } })(handler);
}

function methodsOf({ prototype }: NewableFunction): NewableFunction[] {
  const members = Object.values(Object.getOwnPropertyDescriptors(prototype));
  return members.map(({ value }) => value as unknown).filter((value) => typeof value === 'function');
}
