/** Float16Array for Node 22, which the published library runs on too and which has none. */
import { Float16Array as Substitute } from '@petamoriken/float16';

export const Float16Array = globalThis.Float16Array ?? Substitute;
