/**
 * Ends the process now, whatever its threads are doing. `process.exit` would wait for stuck writes and for the run of
 * each worker thread, in which ONNX Runtime's addon then aborts (onnxruntime-node 1.30). Replacing the process drops
 * all threads. It also works for process 1 of a container, which cannot end itself by a signal.
 */
export function endAtOnce(exitCode: number): never {
  process.emit('exit', exitCode);
  const { NODE_OPTIONS: _, ...env } = process.env;
  // Windows cannot replace a process.
  process.execve?.(process.execPath, [process.execPath, '--eval', `process.exit(${exitCode})`], env);
  process.exit(exitCode);
}
