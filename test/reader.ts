import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { processEnvironment } from './process/spawn.ts';
import { codeBlocks } from './walkthrough.ts';

const DOCUMENTED = 'http://localhost:8080';
/** What the server's log says once it listens. */
const LISTENS = /"url":"([^"]+)"/;
const execute = promisify(execFile);

/** Commands with what they print, as a terminal shows them. */
interface Transcript {
  /** By the page. */
  readonly shown: string;
  /** In truth. Where that agrees with the page it is the page's own text, so that the two can be compared. */
  readonly printed: string;
}

/**
 * Does what a page shows, from its top to its end, in a folder of its own: writes the files that its blocks name, and runs
 * the commands of its `console` blocks, as in a terminal. `nestor serve` goes on while the commands after it run.
 */
export class Reader {
  /** Where the commands run; beside it there is room for what a page has beside its own folder. */
  readonly folder = join(mkdtempSync(join(tmpdir(), 'nestor-reader-')), 'reader');
  #url: string;
  #server: ChildProcess | undefined;

  /** @param url a server that the page takes for granted */
  constructor(url = DOCUMENTED) {
    this.#url = url;
    mkdirSync(this.folder);
  }

  async follow(page: string): Promise<Transcript> {
    const transcript = { shown: '', printed: '' };
    for (const { language, file, text } of codeBlocks(readFileSync(page, 'utf8'))) {
      if (file !== undefined) this.#write(file, text.replaceAll(DOCUMENTED, this.#url));
      if (file !== undefined || language !== 'console') continue;
      for (const { command, shown } of commandsOf(text)) {
        const printed = like(shown, await this.#run(command));
        transcript.shown += `$ ${command}\n${shown}\n`;
        transcript.printed += `$ ${command}\n${printed}\n`;
      }
    }
    return transcript;
  }

  /** Ends the server that the page started, and removes the folder. */
  async leave(): Promise<void> {
    if (this.#server !== undefined) {
      const closed = once(this.#server, 'close');
      process.kill(-this.#server.pid!, 'SIGKILL');
      await closed;
      this.#server = undefined;
    }
    rmSync(dirname(this.folder), { recursive: true });
  }

  /** Runs a command, which must end well, and returns what it prints. */
  async #run(command: string): Promise<string> {
    if (command.includes('nestor serve ')) return this.#serve(command);
    const line = command.replaceAll('localhost:8080', new URL(this.#url).host);
    const { stdout } = await execute('bash', ['-c', `exec 2>&1; ${line}`], this.#options).catch((error) => {
      throw new Error(`${command}\n${error.stdout}`, { cause: error });
    });
    return stdout.replaceAll(this.#url, DOCUMENTED).trim();
  }

  /** Starts a server, and returns what it prints until it listens. */
  async #serve(command: string): Promise<string> {
    const server = spawn('bash', ['-c', `exec 2>&1; ${command}`], { ...this.#options, detached: true });
    this.#server = server;
    let printed = '';
    server.stdout.on('data', (chunk) => (printed += chunk));
    while (!LISTENS.test(printed)) {
      const ended = await Promise.race([once(server.stdout, 'data'), once(server, 'close').then(() => 'ended')]);
      if (ended === 'ended') throw new Error(`${command}\n${printed}`);
    }
    this.#url = LISTENS.exec(printed)![1]!;
    return printed.replaceAll(this.#url, DOCUMENTED).trim();
  }

  /** In a terminal, curl shows no progress beside an answer. */
  get #options() {
    this.#write('../.curlrc', 'silent\nshow-error\n');
    const { HOME } = process.env;
    const ports = { HOST: '127.0.0.1', PORT: '0', GRPC_PORT: '0' };
    return { cwd: this.folder, env: { ...processEnvironment(), ...ports, HOME, CURL_HOME: dirname(this.folder) } };
  }

  #write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The commands of a block, which begin with "$ " and go on after a line that ends in a backslash, each with its output. */
function commandsOf(block: string): readonly { command: string; shown: string }[] {
  const commands = block.split(/^\$ /m).slice(1);
  return commands.map((text) => {
    const [command] = /^(?:.*\\\n)*.*/.exec(text)!;
    return { command: command, shown: text.slice(command.length).trim() };
  });
}

/**
 * What was printed; what was shown, where both say the same: "…" stands for any text, and figures with four decimals or more
 * may differ in the last of them, as they do between processors.
 */
function like(shown: string, printed: string): string {
  const figure = /-?\d+\.\d{4,}(?:e[-+]\d+)?/g;
  const literal = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&').replaceAll('…', '[^]*?');
  const pattern = shown.split(figure).map(literal).join('(-?\\d+(?:\\.\\d+)?(?:e[-+]\\d+)?)');
  const found = new RegExp(`^${pattern}$`).exec(printed)?.slice(1).map(Number);
  const wanted = (shown.match(figure) ?? []).map(Number);
  return found?.every((value, index) => Math.abs(value - wanted[index]!) < 1e-4) ? shown : printed;
}
