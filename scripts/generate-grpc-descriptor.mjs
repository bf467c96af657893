/**
 * Makes the descriptor of the gRPC interface from its .proto: what the server reads, so that the bundle needs no .proto
 * beside it. With --check it writes nothing and fails where it is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import protobuf from 'protobufjs';

const FOLDER = 'apps/server/src/open-inference/grpc';
const DESCRIPTOR = `${FOLDER}/descriptor.json`;

const { root } = protobuf.parse(await readFile(`${FOLDER}/open-inference.proto`, 'utf8'), { keepCase: true });
const made = `${JSON.stringify(root.toJSON(), null, 1)}\n`;
if ((await readFile(DESCRIPTOR, 'utf8').catch(() => '')) !== made) {
  if (process.argv.includes('--check')) {
    console.error(`${DESCRIPTOR} is out of date with the .proto: run npm run generate:grpc.`);
    process.exit(1);
  }
  await writeFile(DESCRIPTOR, made);
}
