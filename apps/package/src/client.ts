/** Models that run on a server. */
export { type ClientOptions, connect, type RemoteModels } from '#client';
export * from './model.ts';
