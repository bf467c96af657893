import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Tool, helm as helmTool, kubectl as kubectlTool } from '../tools.ts';

const CHART = join(import.meta.dirname, '../../helm/nestor');
const execute = promisify(execFile);

/** What the cluster specs need; the cluster itself is the one that KUBECONFIG (or ~/.kube/config) leads to. */
export const TOOLS: readonly Tool[] = [helmTool, kubectlTool];

/** The image under test, which the cluster must already hold or be able to pull. */
const IMAGE = {
  ...(process.env['NESTOR_IMAGE_REPOSITORY'] && { repository: process.env['NESTOR_IMAGE_REPOSITORY'] }),
  ...(process.env['NESTOR_IMAGE_TAG'] && { tag: process.env['NESTOR_IMAGE_TAG'] }),
};

async function run(command: string, args: readonly string[], input?: string): Promise<string> {
  const running = execute(command, args, { maxBuffer: 2 ** 26 });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** Asks until `check` no longer throws, and returns its answer; its last error is the failure after `seconds`. */
export async function eventually<T>(seconds: number, check: () => Promise<T>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(500);
    }
  }
}

/** As much of a pod as the specs look at. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly lastState: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}

/** A namespace of its own, at the restricted Pod Security level, with one release of the chart. */
export class Installation {
  readonly release = 'nestor';

  constructor(readonly namespace: string) {}

  kubectl(...args: string[]): Promise<string> {
    return run('kubectl', ['--namespace', this.namespace, ...args]);
  }

  helm(...args: string[]): Promise<string> {
    return run('helm', ['--namespace', this.namespace, ...args]);
  }

  async create(): Promise<void> {
    await this.delete();
    await this.kubectl('create', 'namespace', this.namespace);
    await this.kubectl('label', 'namespace', this.namespace, 'pod-security.kubernetes.io/enforce=restricted');
  }

  async delete(): Promise<void> {
    await this.kubectl('delete', 'namespace', this.namespace, '--ignore-not-found', '--wait');
  }

  /** Installs or upgrades and waits until all is ready; rejects where it is not within `timeout`. */
  async install(values: object = {}, timeout = '90s'): Promise<void> {
    const all = { image: IMAGE, ...values };
    const args = ['upgrade', this.release, CHART, '--install', '--wait', '--timeout', timeout, '--values', '-'];
    await run('helm', ['--namespace', this.namespace, ...args], JSON.stringify(all));
  }

  /** Has the API server judge what an example of the chart would create, under another release's name. */
  async dryRun(example: string): Promise<string> {
    const values = join(CHART, 'examples', example, 'values.yaml');
    const manifests = await this.helm('template', 'other', CHART, '--no-hooks', '--values', values);
    const args = ['apply', '--dry-run=server', '--validate=strict', '--filename', '-'];
    return run('kubectl', ['--namespace', this.namespace, ...args], manifests);
  }

  /** The server's pods, those on their way out too. */
  async pods(): Promise<Pod[]> {
    const list = await this.kubectl('get', 'pods', '--selector', 'app.kubernetes.io/component=server', '--output=json');
    return (JSON.parse(list) as { items: Pod[] }).items;
  }

  /** Waits until there are exactly so many pods, all ready. */
  async settled(pods: number, seconds = 90): Promise<void> {
    await eventually(seconds, async () => {
      const all = await this.pods();
      const ready = all.filter((pod) => !pod.metadata.deletionTimestamp && pod.status.containerStatuses?.[0]?.ready);
      if (all.length !== pods || ready.length !== pods) {
        throw new Error(
          `${String(pods)} pods were expected, ${String(all.length)} are there, ${String(ready.length)} of them ready`,
        );
      }
    });
  }

  /** Runs a script with the node of the image, in the container: `pod` is a name or `deployment/nestor`. */
  node(pod: string, script: string, input = ''): Promise<string> {
    const command = ['/nodejs/bin/node', '--input-type=module', '--eval', script];
    return run('kubectl', ['--namespace', this.namespace, 'exec', '--stdin', pod, '--', ...command], input);
  }

  /** Where a NodePort service answers: NESTOR_NODE_ADDRESS, else the first node's own address. */
  async url(): Promise<string> {
    const port = await this.kubectl('get', 'service', this.release, '--output=jsonpath={.spec.ports[0].nodePort}');
    const internal = '{.items[0].status.addresses[?(@.type=="InternalIP")].address}';
    const address =
      process.env['NESTOR_NODE_ADDRESS'] ?? (await this.kubectl('get', 'nodes', `--output=jsonpath=${internal}`));
    return `http://${address}:${port}`;
  }
}
