const LAST_PORT = 65_535;

/**
 * The gRPC port for a given HTTP port: the next one, so that a second server needs only one option. Undefined if there
 * is no HTTP port, or the environment sets GRPC_PORT.
 */
export function grpcPortBeside(
  port: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
): number | undefined {
  if (port === undefined || env['GRPC_PORT'] !== undefined) return undefined;
  if (port === 0) return 0;
  return port === LAST_PORT ? port - 1 : port + 1;
}
