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
 * Runs `nestor` with a process's arguments and answers its exit code. What a command does is imported when it is called,
 * so that `--help` waits for nothing.
 */
export async function runProgram(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const done = (code: ExitCode): void => void (exitCode = code);
  const program = new Command('nestor')
    .description('Serves any ONNX model as a production API, and does what a model needs before and after.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      examples([
        ['nestor serve model.onnx', 'from a file to a running API'],
        ['nestor inspect model.onnx', 'what is in it, and whether it can be served'],
        ['nestor predict model.onnx -i data.csv -o labelled.csv', 'label a file of data'],
        ['nestor help predict', 'all about one command'],
      ]),
    )
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 called wrongly. NO_COLOR switches colours off.');
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
    // Commander has said what is wrong already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    process.stderr.write(`nestor: ${sentenceOf(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failure;
  }
}
