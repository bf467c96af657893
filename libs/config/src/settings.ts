import { isFQDN, isIP } from 'class-validator';
import { isNetworks, isProxyCount } from './networks.ts';
import { GreaterThan, Integer, OneOf, Requires, SomeOf, Text } from './setting.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOG_FORMATS = ['json', 'pretty'] as const;
const PROTOCOLS = ['plain', 'v2', 'grpc', 'kserve-v1', 'mlflow', 'openai', 'tei'] as const;
const EXECUTIONS = ['auto', 'inline', 'pool'] as const;
const SWITCH = ['off', 'on'] as const;

/** A day: longer times are mistakes, and timers hold at most 24 days. */
const MAX_SECONDS = 86_400;
/** The longest text that V8 holds: no longer JSON body could be read. */
const MAX_TEXT_BYTES = 2 ** 29 - 24;

const anyText = (): boolean => true;

/** Scheme, host and port as browsers send them: without a path, and without the scheme's default port. */
const isOrigin = (text: string): boolean => /^https?:/.test(text) && URL.parse(text)?.origin === text;

/**
 * Everything that can be set, read from the environment once by `readSettings`. A setting is one property here: its
 * variable, its rule, its default and its description, from which the docs and `--help` are made.
 */
export class Settings {
  @Integer('PORT', 0, 65_535, { default: 8080, description: 'Port of the HTTP server; 0 takes a free one.' })
  readonly port!: number;

  @Text('HOST', 'an IP address or a host name', (text) => isIP(text) || isFQDN(text, { require_tld: false }), {
    defaultText: 'every address, of IPv6 and IPv4',
    description: 'Address that the HTTP server and the gRPC server listen on.',
  })
  readonly host?: string;

  @Text(
    'TRUST_PROXY',
    'a number of proxies from 1 to 32, or their IP addresses and networks with commas between them, such as 10.0.0.0/8',
    (text) => isProxyCount(text) || isNetworks(text),
    {
      defaultText: 'no proxy is trusted',
      description:
        'Proxies in front of the server whose `X-Forwarded-For`, `-Host`, `-Proto` and `-Prefix` it trusts: their number on the way of each request, or their networks. If you give a number, make sure that no client reaches the server without the proxies: it could claim any address.',
    },
  )
  readonly trustProxy?: string;

  @Text('BASE_PATH', 'a path such as /team/nestor', (text) => /^(?:\/|(?:\/[\w.~-]+)+\/?)$/.test(text), {
    default: '/',
    description:
      'Path under which clients reach the HTTP server, if a proxy in front forwards it. The server answers with and without it; links, the console and `/openapi.json` contain it. `X-Forwarded-Prefix` of a trusted proxy replaces it.',
  })
  readonly basePath!: string;

  @SomeOf('PROTOCOLS', PROTOCOLS, {
    default: PROTOCOLS,
    description:
      'Protocols that are served: `plain` (`/predict`), `v2` (the Open Inference Protocol under `/v2`), `grpc` (the same over gRPC), `kserve-v1` (under `/v1/models`), `mlflow` (`/invocations`), and for texts `openai` (`/v1/embeddings`) and `tei` (`/embed` and `/rerank` of text-embeddings-inference). Probes, metrics and descriptions of models always are.',
  })
  readonly protocols!: readonly (typeof PROTOCOLS)[number][];

  @Integer('GRPC_PORT', 0, 65_535, { default: 8081, description: 'Port of the gRPC server; 0 takes a free one.' })
  readonly grpcPort!: number;

  @Integer('GRPC_MAX_CONNECTION_AGE_SECONDS', 0, MAX_SECONDS, {
    default: 300,
    unit: 'seconds',
    description:
      'Age at which the server closes a gRPC connection gracefully, give or take a tenth, so that clients find new pods; 0 for no limit.',
  })
  readonly grpcMaxConnectionAgeSeconds!: number;

  @Text('MODELS', 'a path', anyText, {
    default: './models',
    description: 'Folder that holds the models, one folder for each.',
  })
  readonly modelsPath!: string;

  @Text('DEFAULT_MODEL', "a model's name", anyText, {
    defaultText: 'the only model, else `housing`',
    description: 'Model that answers `POST /predict`. The server is ready only if this model is.',
  })
  readonly defaultModel?: string;

  @OneOf('LOG_LEVEL', LOG_LEVELS, {
    default: 'info',
    description: 'Least serious level that is logged. Payloads and predictions are logged at debug and trace only.',
  })
  readonly logLevel!: (typeof LOG_LEVELS)[number];

  @OneOf('LOG_FORMAT', LOG_FORMATS, {
    default: ({ env, isTerminal }) => (isTerminal && env['NODE_ENV'] !== 'production' ? 'pretty' : 'json'),
    defaultText: '`pretty` in a terminal unless `NODE_ENV` is `production`, else `json`',
    description: 'One JSON object per line for machines, or coloured text for people.',
  })
  readonly logFormat!: (typeof LOG_FORMATS)[number];

  @Integer('MAX_BODY_BYTES', 1, MAX_TEXT_BYTES, {
    default: 33_554_432,
    unit: 'bytes',
    description: 'Largest body of a request; a larger one gets 413.',
  })
  readonly maxBodyBytes!: number;

  @Integer('MAX_INFLIGHT_BYTES', 1, Number.MAX_SAFE_INTEGER, {
    defaultText: 'half of the memory limit that heap and models leave, at least 16 MiB',
    unit: 'bytes',
    description:
      'Most memory of requests under way. A body counts four times its size if it is text, and twice for tensors and gRPC messages; large JSON counts by its values. Beyond the limit, HTTP requests get 503, before their body is read if they announce its length; gRPC messages wait unread for up to `MAX_QUEUE_MS`, and then get UNAVAILABLE. Answers count twice their text until they are sent; a CSV file that is labelled while it is sent counts 1 MiB. An eighth is reserved for small requests, of up to 64 KiB of text.',
  })
  readonly maxInflightBytes?: number;

  @Integer('MAX_ROWS', 1, 10_000_000, {
    default: 10_000,
    unit: 'rows',
    description: 'Most rows in one request; more get 413. `model.json` may set another limit for its model.',
  })
  readonly maxRows!: number;

  @Integer('REQUEST_TIMEOUT_SECONDS', 1, MAX_SECONDS, {
    default: 30,
    unit: 'seconds',
    description:
      'Deadline of one request; after it the answer is 504. `model.json` may set a shorter one for its model.',
  })
  readonly requestTimeoutSeconds!: number;

  @Integer('DRAIN_SECONDS', 0, MAX_SECONDS, {
    default: 5,
    unit: 'seconds',
    description:
      'Time after SIGTERM in which requests are still served, with `Connection: close`, while `/readyz` answers 503.',
  })
  readonly drainSeconds!: number;

  @Integer('SHUTDOWN_SECONDS', 1, MAX_SECONDS, {
    default: 40,
    unit: 'seconds',
    description: 'Deadline of the whole shutdown, counted from SIGTERM; greater than `DRAIN_SECONDS`.',
  })
  @GreaterThan('drainSeconds', 'SHUTDOWN_SECONDS must be greater than DRAIN_SECONDS')
  readonly shutdownSeconds!: number;

  @Integer('MAX_REQUESTS_PER_CONNECTION', 0, 2 ** 31 - 1, {
    default: 0,
    unit: 'requests',
    description:
      'Requests after which the server closes a keep-alive connection, so that clients find new pods; 0 for no limit.',
  })
  readonly maxRequestsPerConnection!: number;

  @Integer('KEEP_ALIVE_SECONDS', 1, MAX_SECONDS, {
    default: 72,
    unit: 'seconds',
    description:
      'Time after which the server closes an idle connection; set it longer than that of the proxy in front.',
  })
  readonly keepAliveSeconds!: number;

  @Integer('MAX_BATCH_ROWS', 1, 65_536, {
    default: 256,
    unit: 'rows',
    description:
      'Most rows of different requests that run together; fewer if that keeps runs short. `model.json` may set another number for its model.',
  })
  readonly maxBatchRows!: number;

  @Integer('MAX_BATCH_WAIT_MS', 0, 10_000, {
    default: 0,
    unit: 'milliseconds',
    description:
      'Time that a batch waits for more rows; with 0 it does not wait. `model.json` may set another time for its model.',
  })
  readonly maxBatchWaitMs!: number;

  @Integer('MAX_QUEUE_MS', 0, MAX_SECONDS * 1000, {
    defaultText: '250, for text models 2000',
    unit: 'milliseconds',
    description:
      'Longest time that a request waits in the queue. A request that would wait longer, by the pace of the latest runs, is rejected at once with 503. Two runs may always wait. `model.json` may set another time for its model.',
  })
  readonly maxQueueMs?: number;

  @Integer('WORKERS', 1, 256, {
    defaultText:
      'one for each whole CPU that the process may use, up to 8; for text models one for each set of INTRA_OP_THREADS; fewer if copies of the model take too much memory',
    unit: 'threads',
    description: 'Worker threads of a model that runs in the pool.',
  })
  readonly workers?: number;

  @Integer('INTRA_OP_THREADS', 1, 256, {
    defaultText: '1, for text models one for each whole CPU, up to 4',
    unit: 'threads',
    description:
      'Threads that ONNX Runtime uses inside one run. One keeps small models fast and predictions independent of the batch.',
  })
  readonly intraOpThreads?: number;

  @OneOf('EXECUTION', EXECUTIONS, {
    default: 'auto',
    description:
      'Where models run: on the event loop (inline), in worker threads (pool), or as measured for each model when it loads (auto).',
  })
  readonly execution!: (typeof EXECUTIONS)[number];

  @Text(
    'CORS_ORIGINS',
    'origins with commas between them, such as https://app.example.com, or * for all',
    (text) => text === '*' || text.split(',').every((part) => isOrigin(part.trim())),
    {
      defaultText: 'none',
      description:
        'Origins whose web pages may use this server over HTTP from a browser. If API keys are set, such a page needs a key too.',
    },
  )
  readonly corsOrigins?: string;

  @OneOf('CONSOLE', SWITCH, {
    default: 'on',
    description:
      'Whether browsers get the console at `/`, or else a plain page. The console needs the protocol `plain`, and asks for an API key if the server does.',
  })
  readonly console!: (typeof SWITCH)[number];

  @Text('API_KEYS_FILE', 'a path', anyText, {
    defaultText: 'no key is asked for',
    description:
      "File of API keys, one per line, read again when it changes. With it, every path except the probes, `/metrics` and the console's own files needs a key.",
  })
  readonly apiKeysFile?: string;

  @OneOf('PROTECT_METRICS', SWITCH, {
    default: 'off',
    description: 'Whether `/metrics` needs an API key too.',
  })
  readonly protectMetrics!: (typeof SWITCH)[number];

  @Integer('RATE_LIMIT_PER_MINUTE', 0, 2 ** 31 - 1, {
    default: 0,
    unit: 'requests',
    description:
      'Requests that one client (a valid API key, else an address) may send in a minute, over HTTP and gRPC together; 0 for no limit. Requests with a missing or invalid key count against their address. Beyond the limit, requests get 429.',
  })
  readonly rateLimitPerMinute!: number;

  @OneOf('ADMIN', SWITCH, {
    default: 'off',
    description: 'Whether models can be loaded, reloaded and unloaded over HTTP, with a key of `ADMIN_KEYS_FILE`.',
  })
  @Requires('adminKeysFile', 'on', 'ADMIN=on needs ADMIN_KEYS_FILE')
  readonly admin!: (typeof SWITCH)[number];

  @Text('ADMIN_KEYS_FILE', 'a path', anyText, {
    defaultText: 'none',
    description: 'File of the keys for administration, one per line, read again when it changes.',
  })
  readonly adminKeysFile?: string;

  @Integer('LOAD_TIMEOUT_SECONDS', 1, MAX_SECONDS, {
    default: 120,
    unit: 'seconds',
    description:
      'Longest time for which a version is tried in a process of its own; after it, the load fails. Nestor tries each version that it loads while it serves others, and at the start those whose runs may take any time.',
  })
  readonly loadTimeoutSeconds!: number;

  @OneOf('STRICT_MODELS', SWITCH, {
    default: 'off',
    description:
      'Whether the server becomes ready only once every model and version is loaded, so that a rollout with a broken model stops. If a model fails later, the server stays ready.',
  })
  readonly strictModels!: (typeof SWITCH)[number];

  @OneOf('WATCH', SWITCH, {
    default: 'off',
    description:
      'Whether the server watches the models folder: it loads new and changed versions and unloads removed ones while it serves. If a version of a model cannot be loaded, nothing of that model changes.',
  })
  readonly watch!: (typeof SWITCH)[number];

  @Integer('WATCH_INTERVAL_SECONDS', 1, MAX_SECONDS, {
    default: 5,
    unit: 'seconds',
    description: 'Time between two checks of the models folder.',
  })
  readonly watchIntervalSeconds!: number;
}
