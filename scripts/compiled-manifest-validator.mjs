import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';

/** Compiles the manifest's schema into its validation function at build time, instead of at each start. */
export const compiledManifestValidator = {
  name: 'compiled-manifest-validator',
  setup({ onLoad }) {
    onLoad({ filter: /libs\/models\/src\/manifest-validator\.js$/ }, async ({ path }) => {
      const { VALIDATOR_OPTIONS } = await import(new URL('validator-options.js', pathToFileURL(path)));
      const schema = JSON.parse(await readFile('libs/models/src/model.schema.json', 'utf8'));
      const ajv = new Ajv2020({ ...VALIDATOR_OPTIONS, code: { source: true, esm: true } });
      return {
        contents: `${standaloneCode(ajv, ajv.compile(schema))}\nexport const manifestValidator = () => validate;`,
      };
    });
  },
};
