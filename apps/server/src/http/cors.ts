import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '#config';

/** The headers of a response that pages of other origins may read. */
const EXPOSED_HEADERS = [
  ...['x-request-id', 'x-served-by', 'retry-after', 'inference-header-content-length'],
  ...['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'],
];

/** Lets pages of `CORS_ORIGINS` use the server. Keys come in headers, so there are no cookies to share. */
export function allowOrigins(app: NestFastifyApplication, { corsOrigins }: Pick<Settings, 'corsOrigins'>): void {
  if (corsOrigins === undefined) return;
  app.enableCors({
    origin: corsOrigins === '*' ? '*' : corsOrigins.split(',').map((origin) => origin.trim()),
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: EXPOSED_HEADERS,
    // Clients whose preflight requests differ from browsers' get the same response.
    strictPreflight: false,
  });
}
