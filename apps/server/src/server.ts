import 'reflect-metadata';
import './http/request.ts';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger as ApplicationLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import type { Settings } from '#config';
import { AppModule } from './app.module.ts';
import { everyAddress } from './every-address.ts';
import { createAdapter } from './http/adapter.ts';
import { allowOrigins } from './http/cors.ts';
import type { LostLines } from './logging/lost-lines.ts';
import { GrpcServer } from './open-inference/grpc/grpc-server.ts';

/**
 * The application with its models loaded, not yet listening.
 *
 * @param output the destination of the log, if that may lose lines
 * @throws the errors that stop a start: a missing or corrupt model, an invalid manifest, an unknown default model
 */
export async function createServer(
  settings: Settings,
  logger: Logger,
  output: LostLines = { lostLines: 0 },
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, logger, output),
    await createAdapter(settings),
    // Nest logs nothing until the server listens: errors go to the caller, which reports them once.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its options as a class
    { logger: false, abortOnError: false, bodyParser: false },
  );
  allowOrigins(app, settings);
  await app.init();
  return app;
}

/** Listens, and returns a readable address: `0.0.0.0` and `::` become localhost. */
export async function listen(app: NestFastifyApplication, settings: Settings): Promise<string> {
  const host = settings.host ?? (await everyAddress());
  await app.listen(settings.port, host);
  app.useLogger(app.get(ApplicationLogger));
  if (settings.protocols.includes('grpc')) await app.get(GrpcServer, { strict: false }).listen(host);
  const url = new URL(await app.getUrl());
  if (['0.0.0.0', '[::]', '127.0.0.1', '[::1]'].includes(url.hostname)) url.hostname = 'localhost';
  return url.origin;
}
