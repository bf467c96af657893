import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '#config';

/** What pages of other origins may read of an answer, beside its body. */
const EXPOSED_HEADERS = ['x-request-id', 'x-served-by', 'retry-after', 'inference-header-content-length'];

/** Has browsers let pages of `CORS_ORIGINS` use the server. Keys come in headers: there is no cookie to share. */
export function allowOrigins(app: NestFastifyApplication, { corsOrigins }: Pick<Settings, 'corsOrigins'>): void {
  if (corsOrigins === undefined) return;
  app.enableCors({
    origin: corsOrigins === '*' ? '*' : corsOrigins.split(',').map((origin) => origin.trim()),
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: EXPOSED_HEADERS,
    // What asks in another way than browsers do is told the same.
    strictPreflight: false,
  });
}
