import { extname } from 'node:path';

const SCIKIT_LEARN = 'skl2onnx.to_onnx(model, X[:1].to_numpy("float32"))';
const PYTORCH = 'torch.onnx.export(model, example, "model.onnx", dynamo=True)';
const KERAS = 'model.export("model.onnx", format="onnx")';
const WEIGHTS = 'optimum-cli export onnx --model <folder> <output>';
const BOOSTED = 'onnxmltools.convert_xgboost or convert_lightgbm';

/** How models of other formats are exported, by the ends of their files' names. */
const EXPORTS: Readonly<Record<string, readonly [what: string, how: string]>> = {
  '.pkl': ['a Python pickle', SCIKIT_LEARN],
  '.pickle': ['a Python pickle', SCIKIT_LEARN],
  '.joblib': ['a Python pickle', SCIKIT_LEARN],
  '.pt': ['a PyTorch file', PYTORCH],
  '.pth': ['a PyTorch file', PYTORCH],
  '.ckpt': ['a PyTorch checkpoint', PYTORCH],
  '.h5': ['a Keras file', KERAS],
  '.keras': ['a Keras file', KERAS],
  '.safetensors': ['a file of weights without a model', WEIGHTS],
  '.ubj': ['an XGBoost file', BOOSTED],
  '.cbm': ['a CatBoost file', 'model.save_model("model.onnx", format="onnx")'],
  '.pmml': ['a PMML file', 'the framework that trained the model'],
  '.tflite': ['a TensorFlow Lite file', 'python -m tf2onnx.convert --tflite model.tflite --output model.onnx'],
};

/** What a file of another framework is, and how to export its model; undefined for any other file. */
export function foreignFormat(path: string): string | undefined {
  const found = EXPORTS[extname(path).toLowerCase()];
  if (found === undefined) return undefined;
  const [what, how] = found;
  return `${path} is ${what}, and Nestor serves ONNX: export the model where it was trained, with ${how} (docs/exports.md).`;
}
