export { readBinaryData, readText, writeBinaryData } from './binary-data.ts';
