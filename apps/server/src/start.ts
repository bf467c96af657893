import { StopSignals } from './lifecycle/stop-signals.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the server with the settings of an environment until a signal stops it: the one start, whether by the container's
 * entry point or by `nestor serve`. All that takes time to load comes after the signals have their handlers.
 */
export async function start(env: Environment): Promise<void> {
  const signals = StopSignals.listen(0);
  const { serve } = await import('./serve.ts');
  await serve(env, signals);
}

/**
 * Does all that a start does but open the ports, and ends with exit code 0 only where everything would be served. A check
 * that is stopped has shown nothing.
 */
export async function check(env: Environment): Promise<void> {
  StopSignals.listen(1);
  const { checkModels } = await import('./check-models.ts');
  await checkModels(env);
}
