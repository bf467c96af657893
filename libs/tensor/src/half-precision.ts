/// <reference lib="es2025.float16" />
import { f16round as substituteRound, Float16Array as SubstituteArray } from '@petamoriken/float16';

// Node 22, which also runs the published library and the command line, has neither of them, despite the types.
const { Float16Array: OwnArray } = globalThis as Partial<typeof globalThis>;
const { f16round: ownRound } = Math as Partial<Math>;

/** An array of halves. */
export const HalfArray = OwnArray ?? SubstituteArray;

/** The half that is nearest to a number. */
export const roundToHalf = ownRound ?? substituteRound;
