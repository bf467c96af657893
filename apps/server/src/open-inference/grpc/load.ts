/**
 * Loads the gRPC packages on demand, so that a server without gRPC never loads them. It has its own file because the
 * compiler does not rewrite the path of a dynamic import in a file with decorators.
 */
export async function loadOpener(): Promise<typeof import('./open-listener.ts').openListener> {
  const { openListener } = await import('./open-listener.ts');
  return openListener;
}
