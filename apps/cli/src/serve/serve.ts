import { start } from '../../../server/src/start.ts';
import type { ServeOptions } from './command.ts';
import { grpcPortBeside } from './grpc-port.ts';

/** Overrides settings of the environment with the options, and starts the server as its container does. */
export async function serve(path: string | undefined, options: ServeOptions): Promise<void> {
  const given: Record<string, string | undefined> = {
    MODELS: path,
    PORT: options.port?.toString(),
    HOST: options.host,
    GRPC_PORT: (options.grpcPort ?? grpcPortBeside(options.port, process.env))?.toString(),
    DEFAULT_MODEL: options.defaultModel,
    WATCH: options.watch && 'on',
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  await start({ ...process.env, ...Object.fromEntries(set) });
}
