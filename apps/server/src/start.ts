import { StopSignals } from './lifecycle/stop-signals.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the server with the settings of an environment until a signal stops it. The container's entry point and
 * `nestor serve` both start here. The signals get their handlers before anything slow is loaded.
 */
export async function start(env: Environment): Promise<void> {
  const signals = StopSignals.listen(0);
  const { serve } = await import('./serve.ts');
  await serve(env, signals);
}

/**
 * Does everything that a start does except opening the ports. Ends with exit code 0 only if all models can be served; a
 * check that a signal stops ends with 1.
 */
export async function check(env: Environment): Promise<void> {
  StopSignals.listen(1);
  const { checkModels } = await import('./check-models.ts');
  await checkModels(env);
}
