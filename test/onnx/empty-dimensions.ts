/**
 * Which operators do not survive an empty dimension: every model of the suite, and of the operators that it lacks, is run
 * on the Node binding with zeros in its open dimensions. Prints a table of those that end the process or never end, and
 * fails where the server would let such a tensor through.
 */
import { Command } from 'commander';
import { deadlyOperator, readSource } from '#onnx';
import type { Question, SuiteTensor } from './backend-test.ts';
import { backendTests, makeQuestions, operatorTests } from './made-questions.ts';
import { emptyShapes, type Oddity, shapesOf } from './odd-shapes.ts';
import { RuntimeProcess } from './runtime-process.ts';
import { table } from './table.ts';

const { only } = new Command('node test/onnx/empty-dimensions.ts')
  .description('Tells which operators do not survive an empty dimension, and whether the server knows them.')
  .option('--only <text>', 'tests whose names contain this')
  .helpOption('--help', 'show this')
  .parse()
  .opts<{ only?: string }>();

/** A run that the process did not survive. */
interface Death {
  readonly question: Question;
  readonly oddity: Oddity;
  /** Such as `SIGABRT`, or `never ends`. */
  readonly how: string;
}

const names = [...backendTests(), ...operatorTests()];
const questions = widestForms(makeQuestions(names.filter((name) => only === undefined || name.includes(only))));
const deaths: Death[] = [];
let runs = 0;
const runtime = new RuntimeProcess();
for (const question of questions) {
  for await (const death of deathsOf(question)) {
    deaths.push(death);
    console.error(
      `${question.test.name} ${question.test.operators.join('+')}: ${death.how}: ${shapesOf(death.oddity.inputs)}`,
    );
  }
}
await runtime.end();
console.log(`${questions.length} models, ${runs} runs, ${deaths.length} of them deadly.\n`);
console.log(`${deathTable()}\n`);
console.log(`Every run survived: ${survivors().join(', ')}.`);
const unknown = await unknownModels();
for (const name of unknown) console.log(`The server does not know that ${name} is deadly.`);
process.exit(unknown.length === 0 ? 0 : 1);

/** Each model where most of its dimensions are open; what has none to open cannot be given an empty one. */
function widestForms(all: readonly Question[]): Question[] {
  const ofTest = Map.groupBy(
    all.filter(({ form, refused }) => form !== 'as is' && refused === undefined),
    ({ test }) => test.name,
  );
  return [...ofTest.values()].map((forms) => forms.at(-1)!);
}

async function* deathsOf(question: Question): AsyncGenerator<Death> {
  const [own] = question.cases();
  for (const oddity of emptyShapes(own?.inputs ?? [])) {
    runs += 1;
    if ((await runtime.run(question.path, oddity.inputs)) === undefined) continue;
    // An earlier run may have left something behind: what is deadly is so in a new process.
    const how = await runtime.run(question.path, oddity.inputs);
    yield { question, oddity, how: how ?? 'survived in a new process' };
  }
}

/**
 * A line for each operator that stands alone in its graph and each least set of empty dimensions that it does not survive,
 * then those graphs of several operators that no such line explains.
 */
function deathTable(): string {
  const byModel = Map.groupBy(deaths, ({ question }) => question);
  const single = [...byModel].filter(([{ test }]) => test.operators.length === 1);
  const deadly = new Set(single.map(([{ test }]) => test.operators[0]!));
  const others = [...byModel].filter(([{ test }]) => !test.operators.some((operator) => deadly.has(operator)));
  const rows = [...Map.groupBy([...single, ...others], ([{ test }]) => test.operators.join('+'))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([operator, models]) => {
      const all = questions.filter(({ test }) => test.operators.join('+') === operator).length;
      const least = models.flatMap(([question, found]) => leastSets(question, found));
      return [...Map.groupBy(least, ({ emptied, how }) => `${emptied.join(', ')} | ${how}`)].map(([what, found]) => {
        const { question, oddity } = found[0]!;
        return [operator, what, `${found.length} of ${all}`, `${question.test.name}: ${shapesOf(oddity.inputs)}`];
      });
    });
  return table(['Operator', 'Empty', 'How it ends', 'Models', 'For example'], rows, true);
}

/** Models that the server gives empty dimensions, although they do not survive them. */
async function unknownModels(): Promise<string[]> {
  const names: string[] = [];
  for (const { test, path } of new Set(deaths.map(({ question }) => question)))
    if (deadlyOperator((await readSource(path)).file) === undefined) names.push(test.name);
  return names;
}

/** The operators of which no model has a death. */
function survivors(): string[] {
  const dead = new Set(deaths.flatMap(({ question }) => question.test.operators));
  return [...new Set(questions.flatMap(({ test }) => test.operators))].filter((operator) => !dead.has(operator)).sort();
}

/** The deaths of one model that no smaller set of empty dimensions brings about. */
function leastSets(question: Question, found: readonly Death[]): (Death & { readonly emptied: readonly string[] })[] {
  const own = question.cases()[0]!.inputs;
  const sets = found.map((death) => ({ ...death, emptied: emptiedIn(own, death.oddity) }));
  return sets.filter(
    ({ emptied }) =>
      !sets.some(
        (other) => other.emptied.length < emptied.length && other.emptied.every((one) => emptied.includes(one)),
      ),
  );
}

/** Such as `X[1]`. */
function emptiedIn(own: readonly SuiteTensor[], { inputs }: Oddity): string[] {
  return inputs.flatMap(({ name, shape }, at) =>
    shape.flatMap((size, axis) => (size === 0 && own[at]!.shape[axis] !== 0 ? [`${name}[${axis}]`] : [])),
  );
}
