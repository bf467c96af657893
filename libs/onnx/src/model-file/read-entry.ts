import type { FieldReader } from './field-reader.ts';

/** The standard operator set has no name in a file. */
const STANDARD = 'ai.onnx';

/** The name of an operator set. */
export function domainOf(name: string): string {
  return name || STANDARD;
}

/** OperatorSetIdProto */
export function readOpset(reader: FieldReader): [domain: string, version: number] {
  let domain = '';
  let version = 0;
  reader.fields({
    1: () => (domain = reader.text()),
    2: () => (version = reader.integer()),
  });
  return [domainOf(domain), version];
}

/** StringStringEntryProto */
export function readEntry(reader: FieldReader): [key: string, value: string] {
  let key = '';
  let value = '';
  reader.fields({
    1: () => (key = reader.text()),
    2: () => (value = reader.text()),
  });
  return [key, value];
}
