import type { Attributes, Span } from '@opentelemetry/api';
import { toNestorError } from '#errors';

/** What is known of a call before it is answered. */
export interface Call {
  readonly method: 'predict' | 'run';
  readonly model: string;
  /** How many rows are asked. */
  readonly rows?: number;
  /** Where the model runs, unless it is this process. */
  readonly server?: URL;
}

/** Is told the version that answers, once it is known. */
type Served = (version: string) => void;

type OpenTelemetry = typeof import('@opentelemetry/api');

/** The program's own, looked for with the first call. */
let found: OpenTelemetry | 'missing' | undefined;

/**
 * Does the work of a call in a span below the active one, where the program has OpenTelemetry. No value of a row stands in
 * it.
 */
export async function withSpan<Result>(call: Call, work: (served: Served) => Promise<Result>): Promise<Result> {
  found ??= await import('@opentelemetry/api').catch(() => 'missing' as const);
  if (found === 'missing') return work(() => undefined);
  const { trace, SpanKind, SpanStatusCode } = found;
  const kind = call.server === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT;
  const span = { kind, attributes: attributesOf(call) };
  return trace.getTracer('nestor').startActiveSpan(`${call.method} ${call.model}`, span, async (active: Span) => {
    try {
      return await work((version) => active.setAttribute('nestor.model.version', version));
    } catch (error) {
      const { code, entry } = toNestorError(error);
      active.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR, message: entry.title });
      throw error;
    } finally {
      active.end();
    }
  });
}

/** By OpenTelemetry's names where it has one; it has none for models but for those that generate. */
function attributesOf({ model, rows, server }: Call): Attributes {
  return {
    'nestor.model.name': model,
    ...(rows !== undefined && { 'nestor.rows': rows }),
    ...(server && { 'server.address': server.hostname, 'server.port': portOf(server) }),
  };
}

const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));
