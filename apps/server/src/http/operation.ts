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
    /** The route's properties that differ from the defaults. */
    operation?: Partial<HttpOperation>;
  }
}

const ORDINARY: HttpOperation = { access: 'key', probe: false, renderError: renderProblem };

/** A route's properties. By default it requires a key, if the server has keys, and renders errors as problems. */
export const operationOf = ({ config }: { readonly config?: FastifyContextConfig }): HttpOperation => ({
  ...ORDINARY,
  ...config?.operation,
});

/**
 * Declares properties of a route on a controller's method, or of all its routes on the controller. The method's
 * properties override the controller's.
 */
export function Operation(parts: Partial<HttpOperation>): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, method?: PropertyDescriptor) => {
    const methods = method === undefined ? methodsOf(target as NewableFunction) : [method.value as NewableFunction];
    for (const handler of methods) declare(handler, parts);
  };
}

const { KEY } = RouteConfig(undefined);

/** Method decorators run before those of their class, so existing properties are the method's. */
function declare(handler: NewableFunction, parts: Partial<HttpOperation>): void {
  const config = Reflect.getMetadata(KEY, handler) as FastifyContextConfig | undefined;
  RouteConfig({ ...config, operation: { ...parts, ...config?.operation } })(handler);
}

function methodsOf({ prototype }: NewableFunction): NewableFunction[] {
  const members = Object.values(Object.getOwnPropertyDescriptors(prototype));
  return members.map(({ value }) => value as unknown).filter((value) => typeof value === 'function');
}
