import { expect, it } from '@jest/globals';
import { grpcPortBeside } from './grpc-port.ts';

it.each([
  ['is the next one', 9000, {}, 9001],
  ['is a free one beside a free one', 0, {}, 0],
  ['is the one before the last', 65_535, {}, 65_534],
  ['is that of the environment', 9000, { GRPC_PORT: '7000' }, undefined],
  ['is the default where no port is given', undefined, {}, undefined],
])('the gRPC port %s', (_, port, env, expected) => {
  expect(grpcPortBeside(port, env)).toBe(expected);
});
