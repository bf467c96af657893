import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** A name that must be there but is not used. */
const UNDERSCORE = { argsIgnorePattern: '^_', varsIgnorePattern: '^_' };

export default defineConfig(
  // Applications of others have rules, and packages, of their own.
  globalIgnores(['dist/', 'coverage/', '**/.venv*/', 'benchmarks/.node-*/', 'test/embedding/apps/']),
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Nest reads constructor parameter types at run time: an import turned into `import type` breaks injection
      // without a word, so no rule here may rewrite imports.
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Hot loops index typed arrays within bounds that they have just checked.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // An interface member may be asynchronous for the sake of one implementation.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', UNDERSCORE],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  {
    rules: {
      eqeqeq: ['error', 'always'],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
    },
  },
  {
    // The catalogue, the settings and what is made of the manifest's schema are one list each, and a list is read best whole.
    files: ['libs/errors/src/catalogue.ts', 'libs/config/src/settings.ts', 'libs/models/src/manifest-type.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['libs/**/*.ts', 'apps/server/**/*.ts'],
    // All output of the server goes through its logger.
    rules: { 'no-console': 'error' },
  },
  {
    // A version is held, and given back, in one place: labelling alone, which has no end to wait for, goes a way of its own.
    files: ['apps/server/src/**/*.ts'],
    ignores: ['apps/server/src/prediction/pipeline.ts', 'apps/server/src/plain/labelling/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(lease|leased|release)$/]',
          message:
            'Only the pipeline leases a version: make the request an operation, and have Pipeline.answer take it.',
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.fixture.ts', 'test/**/*.ts'],
    rules: {
      // Answers of a server are read as they come, and a spec's `describe` holds all of its cases.
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      'max-lines': ['error', { max: 600 }],
      'max-lines-per-function': 'off',
      // What a literal loses is what such a spec is about.
      'no-loss-of-precision': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    rules: { 'no-unused-vars': ['error', UNDERSCORE] },
    languageOptions: {
      globals: {
        Buffer: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
  prettier,
);
