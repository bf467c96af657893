import type { Attributes, Span } from '@opentelemetry/api';
import { toNestorError } from '#errors';

/** What is known about a call before its answer. */
export interface Call {
  readonly method: 'predict' | 'run';
  readonly model: string;
  /** How many rows the call has. */
  readonly rows?: number;
  /** Where the model runs, unless it is this process. */
  readonly server?: URL;
}

/** Called with the version that answers, as soon as it is known. */
type Served = (version: string) => void;

type OpenTelemetry = typeof import('@opentelemetry/api');

/** The program's own, looked for with the first call. */
let found: OpenTelemetry | 'missing' | undefined;

/** Runs a call in a child of the active span, if the program has OpenTelemetry. The span holds no value of a row. */
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

/** Attributes under OpenTelemetry's names where it has one; for models it names only generative ones. */
function attributesOf({ model, rows, server }: Call): Attributes {
  return {
    'nestor.model.name': model,
    ...(rows !== undefined && { 'nestor.rows': rows }),
    ...(server && { 'server.address': server.hostname, 'server.port': portOf(server) }),
  };
}

const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));
