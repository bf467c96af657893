import { SETTINGS, settingsTable } from '#config';
import { CATALOGUE, GRPC_STATUS } from '#errors';
import { manifestPage } from './manifest-page.ts';

const MADE_FROM = (source: string): string => `<!-- Made from ${source} by \`npm run docs\`. Change it there. -->`;

function settingsPage(): string {
  return `# Settings

${MADE_FROM('libs/config/src/settings.ts')}

Every setting of the server is an environment variable, which the server reads once, when it starts. An empty variable counts as unset.
\`npm start -- --help\` prints the same ${SETTINGS.length} settings. [\`model.json\`](model-json.md) overrides those that concern one model (batching, limits,
where it runs).

${settingsTable()}

## Check the settings

If a setting is invalid, the server lists every problem, by variable and rule, and does not start (exit code 1).
\`npm start -- --check\` (in the image \`dist/bundle/main.js --check\`) does what a start does, without the ports: it loads, warms up
and tests the models. If all models and versions can be served, the exit code is 0. Otherwise, it lists those that cannot, and the
exit code is 1.

## Shutdown

On SIGTERM, the server drains for \`DRAIN_SECONDS\`, and shuts down within \`SHUTDOWN_SECONDS\`. On SIGINT (Ctrl-C), it does not drain:
it closes its ports, and waits only for requests that are under way. The exit code is 0. A second SIGINT ends the process at once,
with exit code 130. Every other signal has its default effect.

## Log

The log goes to standard output. If the disk is full, or the reader of the log leaves or reads nothing, only lines of the log are lost:
\`nestor_log_lines_lost_total\` counts them.
`;
}

function errorsPage(): string {
  const grpcName = new Map<number, string>(Object.entries(GRPC_STATUS).map(([name, code]) => [code, name]));
  const rows = Object.entries(CATALOGUE).map(
    ([code, { status, grpc, title, action, retryable }]) =>
      `| \`${code}\` | ${status} | \`${grpcName.get(grpc)}\` | ${title} | ${action} | ${retryable ? 'yes' : 'no'} |`,
  );
  return `# Errors

${MADE_FROM('libs/errors/src/catalogue.ts')}

Every error that a client can get has one of these codes. Branch on the code: it never changes its meaning, and a retired code is never
used again. \`detail\` in the answer says what was wrong this time; \`errors\` lists the rows (counted from 0, as in \`prediction\`) and
fields. [The reference of \`/predict\`](predict.md#errors) shows an example.

| Code | HTTP | gRPC | What happened | What to do | The same request may succeed later |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** The pages of the documentation that are generated from the code: path in the repository → text. */
export const PAGES: Readonly<Record<string, string>> = {
  'docs/settings.md': settingsPage(),
  'docs/errors.md': errorsPage(),
  'docs/model-json.md': manifestPage(MADE_FROM('libs/models/src/model.schema.json')),
};
