/** Milliseconds from the import of the library to its first prediction, in a separate process. Prints JSON. */
import { HOUSE, importLibrary } from './library.ts';

const began = performance.now();
const { openModel } = await importLibrary();
const housing = await openModel('models/housing');
await housing.predict(HOUSE);
console.log(JSON.stringify(performance.now() - began));
await housing.close();
