import { FORMS } from './backend-test.ts';
import { LIMITS, limitOf } from './limits.ts';
import { FAULTS, type Finding, outcomeOver, verdictOf, worstOf } from './suite.ts';
import { PROTOCOLS } from './trial.ts';

/** A table in Markdown; its first column is words, the others are numbers unless `words` says otherwise. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[], words = false): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    `|${head.map((_, at) => (at === 0 || words ? '---|' : '--:|')).join('')}`,
    ...rows.map(line),
  ].join('\n');
}

const count = (findings: readonly Finding[], is: (finding: Finding) => boolean): number => findings.filter(is).length;

/** What became of the models in each form: the worst over the protocols. */
export function formTable(findings: readonly Finding[]): string {
  const rows = FORMS.map((form) => {
    const own = findings.filter(({ question }) => question.form === form);
    return [
      form,
      own.length,
      count(own, ({ state }) => state === 'unknown'),
      count(own, ({ state }) => state === 'limit'),
      count(own, (finding) => finding.state === 'asked' && verdictOf(finding) === undefined),
      ...FAULTS.map((fault) => count(own, (finding) => verdictOf(finding) === fault)),
    ];
  });
  return table(['Form', 'Models', 'Python cannot', 'Limit', 'Right', ...FAULTS.map(headOf)], rows);
}

/** The same for each protocol, of the models that could be asked. */
export function protocolTable(findings: readonly Finding[]): string {
  const asked = findings.filter(({ state }) => state === 'asked');
  const verdicts = FAULTS.filter((fault) => fault !== 'not loaded');
  const rows = FORMS.flatMap((form) =>
    PROTOCOLS.map(({ name }) => {
      const outcomes = asked
        .filter(({ question }) => question.form === form)
        .map((one) => outcomeOver(one, name).verdict);
      const ofVerdict = (verdict: string): number => outcomes.filter((one) => one === verdict).length;
      return [`${form}, ${name}`, outcomes.length, ofVerdict('right'), ...verdicts.map(ofVerdict)];
    }),
  );
  return table(['Form and protocol', 'Asked', 'Right', ...verdicts.map(headOf)], rows);
}

const headOf = (fault: string): string =>
  fault === 'wrong' ? 'Wrong with 200' : fault[0]!.toUpperCase() + fault.slice(1);

/** Faults of one cause together, the most frequent first. */
export function causeTable(findings: readonly Finding[]): string {
  const faulty = findings.filter((finding) => verdictOf(finding) !== undefined);
  const forms = [...new Set(findings.map(({ question }) => question.form))];
  const causes = [...Map.groupBy(faulty, (finding) => `${verdictOf(finding)!} | ${causeOf(finding)}`)];
  const rows = causes
    .sort(([, some], [, others]) => others.length - some.length)
    .map(([cause, group]) => [
      cause,
      forms.map((form) => count(group, ({ question }) => question.form === form)).join(' / '),
      group[0]!.question.test.name,
    ]);
  return table(['Fault', 'Cause', forms.join(' / '), 'For example'], rows, true);
}

const LONGEST_CAUSE = 160;

/** What was said, without what differs from model to model. */
function causeOf(finding: Finding): string {
  const said = finding.state === 'asked' ? worstOf(finding).detail : finding.reason;
  const general = said
    .replace(/ Sent: .*/, '')
    .replaceAll(/\S*\/\S+/g, '…')
    .replaceAll(finding.question.test.name, '…')
    .replaceAll(/"[^"]*"|'[^']*'/g, '"…"')
    .replaceAll(/output \S+/g, 'output …')
    .replaceAll(/\[[^\]]*\]/g, '[…]')
    .replaceAll(/(has) \S+ at \d+, not .*/g, '$1 another value')
    .replaceAll(/-?\d+(\.\d+)?(e[+-]?\d+)?/g, 'n')
    .replaceAll(/[|\n]/g, ' ');
  return general.length > LONGEST_CAUSE ? `${general.slice(0, LONGEST_CAUSE)} …` : general;
}

/** The models that each limit keeps out, and of how many of them Python loads the file. */
export function limitTable(findings: readonly Finding[]): string {
  const asIs = findings.filter(({ question, state }) => question.form === 'as is' && state !== 'asked');
  const rows = LIMITS.map(({ reason }) => {
    const own = asIs.filter(({ question }) => limitOf(question.test) === reason);
    return [reason, own.length, count(own, ({ state }) => state === 'limit')];
  });
  return table(['Limit', 'Models', 'of which Python loads'], rows);
}

/** What the rows of the loaded models are, and what tells so. */
export function rowsTable(findings: readonly Finding[]): string {
  const loaded = findings.filter(({ rows }) => rows !== undefined);
  const kinds = [...new Set(loaded.map(({ rows }) => rows!))].sort();
  const lines = kinds.map((kind) => [
    kind,
    ...FORMS.map((form) => count(loaded, ({ question, rows }) => question.form === form && rows === kind)),
  ]);
  return table(['Rows', ...FORMS], lines);
}
