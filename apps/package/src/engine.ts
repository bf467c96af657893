/** Models that run in your own process. */
export {
  type AnsweredCall,
  type ModelDescription,
  type ModelEvents,
  type OpenedModel,
  type OpenedModels,
  openModel,
  openModels,
  type OpenOptions,
} from '#engine';
export { RepositoryError } from '#models';
export * from './model.ts';
