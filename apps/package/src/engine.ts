/** Models in a program of one's own. */
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
