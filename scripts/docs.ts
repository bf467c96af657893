import { SETTINGS, settingsTable } from '#config';
import { CATALOGUE, GRPC_STATUS } from '#errors';
import { manifestPage } from './manifest-page.ts';

const MADE_FROM = (source: string): string => `<!-- Made from ${source} by \`npm run docs\`. Change it there. -->`;

function settingsPage(): string {
  return `# Settings

${MADE_FROM('libs/config/src/settings.ts')}

Nestor is set through environment variables alone, read once at the start. An empty variable counts as unset. If any is
not valid, the server lists every problem, by variable and rule, and does not start (exit code 1). \`npm start -- --help\`
prints the same ${SETTINGS.length} settings. What concerns one model (batching, limits, where it runs) can be said in its
\`model.json\`, which then overrides the setting.

\`npm start -- --check\` (in the image \`dist/bundle/main.js --check\`) does all that a start does but open the ports: it loads,
warms up and proves the models. Where any model or version cannot be served, it lists each of them and ends with exit code 1;
else it says that they would be served, and ends with 0.

SIGTERM stops the server in the time that \`DRAIN_SECONDS\` and \`SHUTDOWN_SECONDS\` give it. SIGINT (Ctrl-C) skips the first
of them: the server closes its ports and waits only for requests that are under way. A second SIGINT ends the process at once,
with exit code 130. A stop ends with exit code 0. Every other signal has its default effect.

The log goes to standard output. Where its disk is full, or its reader leaves or takes nothing in, lines of the log are lost
and nothing else: \`nestor_log_lines_lost_total\` counts them.

${settingsTable()}
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

Every error that a client can meet has one of these codes. A code keeps its meaning for good; one that is retired is
never used again. \`detail\` in the answer says what was wrong this time; \`errors\` lists the rows (counted from 0, as
in \`prediction\`) and fields. "Retry" means that the same request may succeed later, unchanged.

| Code | HTTP | gRPC | What happened | What to do | Retry |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** The pages of the documentation that are made from the code: path in the repository → text. */
export const PAGES: Readonly<Record<string, string>> = {
  'docs/settings.md': settingsPage(),
  'docs/errors.md': errorsPage(),
  'docs/model-json.md': manifestPage(MADE_FROM('libs/models/src/model.schema.json')),
};
