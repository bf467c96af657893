/** The suffixes for the names of a model's other schemas and of its operations. */
const SUFFIXES = ['', 'Request', 'Prediction', 'InferRequest', 'InferResponse', 'Version'];

/**
 * The names of models' schemas: `housing` has `Housing` for its rows and `HousingPrediction` for its responses. Models
 * whose names would give the same schema name, or the name of another schema, get a number as a suffix.
 *
 * @param reserved the names of schemas that belong to no model
 */
export function schemaNames(models: readonly string[], reserved: Iterable<string>): ReadonlyMap<string, string> {
  const taken = new Set(reserved);
  const nameOf = (model: string): string => {
    const name = pascalCase(model);
    for (let number = 1; ; number += 1) {
      const numbered = number === 1 ? name : `${name}${number}`;
      const all = SUFFIXES.map((suffix) => numbered + suffix);
      if (all.some((one) => taken.has(one))) continue;
      for (const one of all) taken.add(one);
      return numbered;
    }
  };
  return new Map(models.map((model) => [model, nameOf(model)]));
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}
