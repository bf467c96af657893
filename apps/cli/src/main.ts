import { runProgram } from './program.ts';

// A reader that closes the pipe early (`nestor inspect model.onnx | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Without process.exit, output is not cut off, and a server keeps running.
process.exitCode = await runProgram(process.argv);
