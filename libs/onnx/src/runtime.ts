import type * as Runtime from 'onnxruntime-node';
import { nodeEnv, nodeRequire } from './node-itself.ts';

// Both must be set before the addon is loaded, hence no static import. The runtime would otherwise report usage to its
// maker, and write warnings to stderr, past the log.
nodeEnv['ORT_DISABLE_TELEMETRY'] = '1';

/** ONNX Runtime, loaded once a process (and once more, cheaply, in each worker thread). */
export const runtime = nodeRequire('onnxruntime-node') as typeof Runtime;
runtime.env.logLevel = 'fatal';

/** The runtime's own version, such as "1.30.0". */
export const runtimeVersion = runtime.env.versions.node ?? runtime.env.versions.common;
