import { Command, CommanderError } from 'commander';
import { version } from '../../server/src/version.ts';
import { EXIT, type ExitCode, sentenceOf, UsageError } from './exit.ts';
import { initCommand } from './init/command.ts';
import { inspectCommand } from './inspect/command.ts';
import { loadCommand } from './load/command.ts';
import { predictCommand } from './predict/command.ts';
import { serveCommand } from './serve/command.ts';
import { typesCommand } from './types/command.ts';
import { validateCommand } from './validate/command.ts';
import { examples } from './help.ts';

/**
 * Runs `nestor` with a process's arguments and returns its exit code. A command imports its code only when it runs, so
 * that `--help` is fast.
 */
export async function runProgram(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const done = (code: ExitCode): void => void (exitCode = code);
  const program = new Command('nestor')
    .description(
      'Serves any ONNX model as a production API. Also inspects and validates models, and labels files of data.',
    )
    .version(version, '-V, --version', 'print the version')
    // After a command, --version would print Nestor's version and do nothing, which a script takes for success.
    .enablePositionalOptions()
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      examples([
        ['nestor serve model.onnx', 'serve a file as an API'],
        ['nestor inspect model.onnx', 'see what it contains, and whether it can be served'],
        ['nestor predict model.onnx -i data.csv -o labelled.csv', 'label a file of data'],
        ['nestor help predict', 'read the help of a command'],
      ]),
    )
    .addHelpText('after', '\nExit codes: 0 success, 1 failure, 2 wrong usage. Set NO_COLOR to turn colours off.');
  const commands = [
    serveCommand,
    inspectCommand,
    initCommand,
    predictCommand,
    loadCommand,
    validateCommand,
    typesCommand,
  ];
  for (const create of commands) {
    const command = create(done).exitOverride();
    program.addCommand(command.showHelpAfterError(`(nestor ${command.name()} --help shows how)`));
  }
  program.exitOverride().showHelpAfterError('(nestor --help lists the commands)');
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    // Commander has already printed what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    process.stderr.write(`nestor: ${sentenceOf(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failure;
  }
}
