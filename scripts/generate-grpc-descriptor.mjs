/**
 * Generates descriptors of gRPC interfaces from their .proto files. The server reads the descriptors, so that the
 * bundle needs no .proto files. With --check, writes nothing, and fails if one is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import protobuf from 'protobufjs';

const FOLDER = 'apps/server/src/open-inference/grpc';
const REFLECTION = 'node_modules/@grpc/reflection/build/proto/grpc/reflection';
const DESCRIPTORS = {
  'descriptor.json': [`${FOLDER}/open-inference.proto`],
  // Standard services, which reflection lists too.
  'standard-services.json': [
    'node_modules/grpc-health-check/proto/health/v1/health.proto',
    `${REFLECTION}/v1/reflection.proto`,
    `${REFLECTION}/v1alpha/reflection.proto`,
  ],
};

for (const [name, protos] of Object.entries(DESCRIPTORS)) {
  const root = new protobuf.Root();
  for (const proto of protos) protobuf.parse(await readFile(proto, 'utf8'), root, { keepCase: true });
  const made = `${JSON.stringify(root.toJSON(), null, 1)}\n`;
  const path = `${FOLDER}/${name}`;
  if ((await readFile(path, 'utf8').catch(() => '')) === made) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is out of date with its .proto: run npm run generate:grpc.`);
    process.exit(1);
  }
  await writeFile(path, made);
}
