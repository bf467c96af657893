import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples, wholeNumber } from '../help.ts';

/** The options of `nestor serve`; each overrides its variable. */
export interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
  readonly grpcPort?: number;
  readonly defaultModel?: string;
  readonly watch?: true;
}

export function serveCommand(_done: Done): Command {
  const port = wholeNumber(0, 65_535);
  return new Command('serve')
    .summary('serve models over HTTP and gRPC')
    .description(
      'Serves an .onnx file, a model folder or a folder of models, until it is stopped (Ctrl-C, SIGTERM). ' +
        'Environment variables set everything else (docs/settings.md). Options override them.',
    )
    .argument('[path]', 'what to serve (default: MODELS, or else ./models)')
    .option('-p, --port <port>', 'HTTP port, 0 for a free one (PORT); gRPC uses the next port', port)
    .option('--host <address>', 'address to listen on (HOST)')
    .option('--grpc-port <port>', 'gRPC port, 0 for a free one (GRPC_PORT; default: the port after --port)', port)
    .option('--default-model <name>', 'the model of POST /predict (DEFAULT_MODEL)')
    .option('--watch', 'load new and changed models and unload removed ones while serving (WATCH)')
    .addHelpText(
      'after',
      examples([
        ['nestor serve model.onnx', 'one file, on port 8080: POST /predict'],
        ['nestor serve models --port 0 --watch', 'a folder of models on a free port, following its changes'],
        ['LOG_LEVEL=debug nestor serve models/housing', 'a model folder, with the most detailed log'],
      ]),
    )
    .action(async (path: string | undefined, options: ServeOptions) => {
      const { serve } = await import('./serve.ts');
      await serve(path, options);
    });
}
