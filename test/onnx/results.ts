import { provenance, provenanceLine } from '../../benchmarks/provenance.ts';
import { TOLERANCE } from './compare.ts';
import type { Finding } from './suite.ts';
import { rowsTable, causeTable, formTable, limitTable, protocolTable } from './table.ts';

/** The page of all that was found. */
export function resultPage(findings: readonly Finding[], minutes: number): string {
  const tolerance = Object.entries(TOLERANCE).map(([datatype, relative]) => `${relative} for ${datatype}`);
  return `# The ONNX standard's backend tests

<!-- Written by \`npm run test:onnx\`. -->

Each model of the suite is served bare, without a manifest, as it is, with its batch dimension open and with all of its
dimensions open, as exporters write them. It is asked with the test's own inputs, other values, larger ones, other numbers
of rows and other lengths: each alone, then 24 requests at once. An answer is right where it has the datatypes, the shapes
and the elements that ONNX Runtime of the same version answers in Python to the same tensors; floats may be off by
${tolerance.join(', ')}, of their own size and of a tenth of the tensor's greatest element. Where the runtime refuses the
inputs, an error is right.

A model counts by the worst of what it was asked. "Python cannot": the runtime does not load the file there either.

${formTable(findings)}

## By protocol

${protocolTable(findings)}

## Faults by cause

${causeTable(findings)}

## Limits

${limitTable(findings)}

## What rows are, and what tells so

${rowsTable(findings)}

${provenanceLine(provenance(), /^(node|onnxruntime-node)$/)} ${minutes} minutes.
`;
}
