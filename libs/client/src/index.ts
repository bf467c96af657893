export { connect, type RemoteModels } from './connect.ts';
export type { ClientOptions } from './transport.ts';
