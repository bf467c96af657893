/**
 * Loads the packages of gRPC, which a server without the protocol does without. In a file of its own, as the compiler
 * leaves the name of an import on demand as it is where there are decorators.
 */
export async function loadOpener(): Promise<typeof import('./open-listener.ts').openListener> {
  const { openListener } = await import('./open-listener.ts');
  return openListener;
}
