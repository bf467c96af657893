/** Models of a server, asked over the network. */
export { type ClientOptions, connect, type RemoteModels } from '#client';
export * from './model.ts';
