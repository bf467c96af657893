/**
 * Ends the process now, whatever its threads are doing. `process.exit` would wait for the run of each worker thread, in which
 * ONNX Runtime's addon then aborts (onnxruntime-node 1.30), and for each write that is stuck. A process that is replaced
 * leaves all threads behind, also as process 1 of a container, which no signal of its own can end.
 */
export function endAtOnce(exitCode: number): never {
  process.emit('exit', exitCode);
  const { NODE_OPTIONS: _, ...env } = process.env;
  // Windows cannot replace a process.
  process.execve?.(process.execPath, [process.execPath, '--eval', `process.exit(${exitCode})`], env);
  process.exit(exitCode);
}
