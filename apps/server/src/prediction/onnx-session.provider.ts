import type { FactoryProvider } from '@nestjs/common';
import { OnnxSessions } from '#onnx';

/** The ONNX sessions of the process: opened for the engine, on the event loop and in worker threads, and counted. */
export const onnxSessionProvider: FactoryProvider<OnnxSessions> = {
  provide: OnnxSessions,
  useFactory: () => new OnnxSessions(),
};
