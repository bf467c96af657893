/**
 * Shapes that nobody exported a model for: every model of the suite with all of its dimensions open gets empty, single,
 * odd and unequal ones over V2. The server must live, and answer each request within five seconds by tensors or by an
 * error that is the caller's.
 */
import { Command } from 'commander';
import type { Question } from './backend-test.ts';
import { accept, conclude } from './known-faults.ts';
import { backendTests, makeQuestions, sample } from './made-questions.ts';
import type { NestorServer } from './nestor-server.ts';
import { oddShapes, shapesOf } from './odd-shapes.ts';
import { NoReplyError } from './protocols.ts';
import { type Finding, tell, tryAll, verdictOf } from './suite.ts';
import { causeTable } from './table.ts';
import { type Outcome, RIGHT, withoutReply, worse } from './trial.ts';
import { v2Binary } from './v2-http.ts';

const PATIENCE_MS = 5000;

const options = new Command('npm run test:onnx:shapes --')
  .description('Sends shapes to the built server that nobody exported its models for.')
  .option('--short', 'the models of sample.txt')
  .option('--only <text>', 'tests whose names contain this')
  .option('--accept', 'take the faults that are found into known-faults.txt, and those that are gone out of it')
  .helpOption('--help', 'show this')
  .parse()
  .opts<{ short?: true; only?: string; accept?: true }>();

const { only } = options;
const names = (options.short ? sample() : backendTests()).filter((name) => only === undefined || name.includes(only));
const questions = makeQuestions(names)
  .filter(({ form, refused, test }) => form === 'all open' && refused === undefined && !test.name.startsWith('light_'))
  .map((question): Question => ({ ...question, form: 'odd shapes' }));

const findings: Finding[] = [];
for await (const finding of tryAll(questions, fuzz)) {
  findings.push(finding);
  tell(finding);
}
console.log(
  `\n${causeTable(findings)}\n\n${findings.filter((one) => verdictOf(one) !== undefined).length} of ${findings.length} models have a fault.`,
);
if (options.accept) accept(findings);
process.exit(conclude(findings) ? 0 : 1);

async function fuzz(server: NestorServer, question: Question): Promise<Record<string, Outcome>> {
  let outcome = RIGHT;
  for (const { name, inputs } of oddShapes(question.cases()[0]?.inputs ?? [])) {
    const detail = `${name}, ${shapesOf(inputs)}`;
    const begun = performance.now();
    try {
      const reply = await v2Binary.ask(server, question.test.name, inputs);
      if (performance.now() - begun > PATIENCE_MS) outcome = worse(outcome, { verdict: 'hung', detail });
      else if ('status' in reply && reply.status === '500')
        outcome = worse(outcome, { verdict: 'refused', detail: `${reply.status} ${reply.text} Sent: ${detail}` });
    } catch (error) {
      if (!(error instanceof NoReplyError)) throw error;
      outcome = worse(outcome, await withoutReply(server, detail));
    }
    if (outcome.verdict === 'hung') break; // its workers are busy for good
  }
  return { [v2Binary.name]: outcome };
}
