import type { FactoryProvider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ModelSource } from './model-source.ts';
import { OPTIONS } from './options-token.ts';
import type { PredictionOptions } from './prediction-options.ts';

/** The injection token of a `forRoot`'s models. Nest's error shows it if that `forRoot` is missing. */
export const sourceToken = (name: string | undefined): string =>
  `PredictionModule.forRoot(${name === undefined ? '' : `{ name: '${name}' }`})`;

/** @throws Error if another `forRoot` has the same name: a predictor could not tell their models apart */
export const sourceProvider = (name: string | undefined): FactoryProvider<ModelSource> => ({
  provide: sourceToken(name),
  inject: [OPTIONS, ModulesContainer],
  useFactory: (options: PredictionOptions, modules: ModulesContainer) => {
    const same = [...modules.values()].filter(({ providers }) => providers.has(sourceToken(name)));
    if (same.length === 1) return new ModelSource(options);
    const wrong = `${sourceToken(name)} is in several modules of the application`;
    const mend =
      'import it in one of them, or give the others names of their own, as in forRoot({ name: "second", … }).';
    throw new Error(`${wrong}: ${mend}`);
  },
});
