import { Command, InvalidArgumentError } from 'commander';
import type { Done } from '../exit.ts';
import { examples, wholeNumber } from '../help.ts';

export interface LoadOptions {
  readonly rate: number;
  readonly duration?: number;
  readonly connections: number;
  readonly requestsPerConnection: number;
  readonly body?: string;
  readonly header: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

export function loadCommand(done: Done): Command {
  return new Command('load')
    .summary('send predictions at a constant rate, to watch a server or its autoscaler')
    .description(
      'Sends the same prediction again and again at a constant rate. Prints the rate of responses, their latency, errors and ' +
        'the pods that answered, every second. Stops after --duration or at Ctrl-C, and prints a summary. ' +
        'The exit code is 1 if any request failed.',
    )
    .argument('<url>', 'the server, or the path to post to, such as http://localhost:8080/models/wine/predict')
    .option('-r, --rate <n>', 'requests per second', wholeNumber(1, 1_000_000), 50)
    .option('-d, --duration <seconds>', 'how long to send (default: until Ctrl-C)', wholeNumber(1, 31_536_000))
    .option('-c, --connections <n>', 'connections to keep open', wholeNumber(1, 10_000), 10)
    .option(
      '--requests-per-connection <n>',
      'open a new connection after so many requests, so that new pods get some of them',
      wholeNumber(1, 1_000_000_000),
      100,
    )
    .option('-b, --body <json>', "the JSON to send, or @ and a file's name (default: the model's own example)")
    .option('-H, --header <name: value>', 'a header to send, such as an API key', header, {})
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      examples([
        ['nestor load http://localhost:8080 --rate 200', 'until Ctrl-C'],
        ['nestor load http://nestor.example/models/wine/predict -d 120 -H "authorization: Bearer $KEY"', 'two minutes'],
      ]),
    )
    .action(async (url: string, options: LoadOptions) => {
      const { load } = await import('./load.ts');
      done(await load(url, options));
    });
}

function header(text: string, others: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Write a header as "name: value".');
  return { ...others, [name.toLowerCase()]: value! };
}
