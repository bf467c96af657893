import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { methods } from './interface.ts';

describe('the interface', () => {
  it('is what the .proto says (else: npm run generate:grpc)', async () => {
    await promisify(execFile)(process.execPath, ['scripts/generate-grpc-descriptor.mjs', '--check']);
  });

  it('has every call of the protocol and of the extensions that are served', () => {
    expect(Object.keys(methods)).toEqual([
      ...['ServerLive', 'ServerReady', 'ModelReady', 'ServerMetadata', 'ModelMetadata', 'ModelInfer'],
      ...['ModelStreamInfer', 'ModelConfig', 'ModelStatistics'],
      ...['RepositoryIndex', 'RepositoryModelLoad', 'RepositoryModelUnload'],
    ]);
    expect(methods['ModelStreamInfer']).toMatchObject({ requestStream: true, responseStream: true });
  });
});
