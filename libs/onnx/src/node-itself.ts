import { runInThisContext } from 'node:vm';

/**
 * The process as Node itself has it. A test runner gives modules another one, another `require` and, in a realm of their own,
 * other typed arrays: an addon that is loaded there refuses its own answers.
 */
const nodeProcess = runInThisContext('process') as NodeJS.Process;

export const nodeRequire = nodeProcess.getBuiltinModule('node:module').createRequire(import.meta.url);

/** The environment that native code reads. */
export const nodeEnv = nodeProcess.env;
