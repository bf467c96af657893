import { runProgram } from './program.ts';

// A reader that has seen enough (`nestor inspect model.onnx | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// The process ends when nothing is left to do: output is not cut off, and a server goes on.
process.exitCode = await runProgram(process.argv);
