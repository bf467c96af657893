/* Made from model.schema.json by `npm run generate:manifest`: change the schema, not this file. */

export type Scalar = string | number | boolean;
export type Name = string;

/**
 * What a model's ONNX file does not say: model.json beside the model's versions. Every key is optional.
 */
export interface Manifest {
  /**
   * Address of this schema, for editors. Nestor ignores it.
   */
  $schema?: string;
  /**
   * Name of the model for people.
   */
  title?: string;
  /**
   * What the model predicts and from what, in a sentence or two.
   */
  description?: string;
  /**
   * Licence of the model, best as an SPDX identifier such as MIT.
   */
  licence?: string;
  /**
   * What the model is for. Without it: what the files beside a text model say; object-detection if there is a detection block or the file of a YOLO model shows it; image-embedding if there is an image block and an output called an embedding; image if there is an image block otherwise; classification if there are labels or probabilities; regression if there is a target; otherwise tensor. tensor serves the tensors of a text model or of a detector as they are.
   */
  task?:
    | 'regression'
    | 'classification'
    | 'image'
    | 'image-embedding'
    | 'object-detection'
    | 'text-embedding'
    | 'text-classification'
    | 'rerank'
    | 'token-classification'
    | 'tensor';
  /**
   * What a row is made of. Features that feed one input are its columns, in this order. Without it: one field for each input of the model.
   */
  features?: ManifestFeature[];
  target?: Target;
  outputs?: Outputs;
  /**
   * Labels of a classifier, in the order of the columns of its probabilities or scores. Without it: the labels in the model file.
   */
  labels?: (string | number)[];
  image?: ImagePreprocessing;
  detection?: Detection;
  text?: TextPreprocessing;
  /**
   * What the first dimension of the inputs is. independent: rows that are answered the same whatever is beside them, so that requests share runs. one-by-one: rows that affect each other, each of which runs alone. none: time, tokens, nodes or a set; one record is one run. Without it: read from the graph, else tested at load.
   */
  rows?: 'independent' | 'one-by-one' | 'none';
  batching?: Batching;
  limits?: Limits;
  execution?: Execution;
  /**
   * Which of the version folders are served: the latest, the latest n, all, or those listed. Requests that name no version are answered by the highest of them. Without it: latest.
   */
  versions?:
    | ('latest' | 'all')
    | {
        /**
         * How many of the highest versions are served.
         */
        latest: number;
      }
    | number[];
  /**
   * Rows that the model takes, as they are sent to it. They appear in the documentation and are run when the model is loaded.
   */
  examples?: {
    [k: string]: unknown;
  }[];
}
/**
 * One value of a row.
 */
export interface ManifestFeature {
  /**
   * Key of the value in a row.
   */
  name: string;
  /**
   * Name for people.
   */
  title?: string;
  /**
   * What the value is.
   */
  description?: string;
  /**
   * Unit of the value.
   */
  unit?: string;
  /**
   * Type of the value in a row. Without it: by the input's datatype.
   */
  type?: 'number' | 'integer' | 'boolean' | 'string';
  /**
   * Input of the model that the value feeds. Without it: the input of the same name, else the only input.
   */
  input?: string;
  /**
   * Shape of the value in one row, -1 for a dimension of any size. Needed only where the model file does not tell the shape of the input, or leaves a dimension open that has one size.
   */
  shape?: number[];
  /**
   * Lowest and highest value allowed, of a tensor for each element; a value outside is refused with 422.
   *
   * @minItems 2
   * @maxItems 2
   */
  range?: [number, number];
  /**
   * Lowest and highest value seen in training; a value outside is answered, with a warning.
   *
   * @minItems 2
   * @maxItems 2
   */
  seen?: [number, number];
  /**
   * Values allowed; any other is refused with 422.
   */
  categories?: Scalar[];
  /**
   * Values seen in training; any other is answered, with a warning.
   */
  seenCategories?: Scalar[];
  /**
   * Value that is taken where a row has none. Of a tensor: lists of its shape, or one value for all elements, such as 0 for a first state or 1 for a mask; a dimension of any size is then as long as that of the same name in an input that rows have, or as "shape" says.
   */
  default?: string | number | boolean | unknown[];
  /**
   * true: null, an absent key and a CSV cell that is empty, NaN, nan or NA mean a missing value, NaN in the tensor. Without it: false.
   */
  missing?: boolean;
  /**
   * A value as it would be sent, for the documentation.
   */
  example?: string | number | boolean | unknown[];
}
/**
 * What is predicted.
 */
export interface Target {
  /**
   * Short name of the predicted quantity.
   */
  name?: string;
  /**
   * Name of the predicted quantity for people.
   */
  title?: string;
  /**
   * Unit of the predicted quantity, such as $1000.
   */
  unit?: string;
}
/**
 * Members of an answer: a key, and the name of a model output or an object that says more about it. Without it: the prediction and what the model itself shows, such as probabilities or scores. The keys model, warnings, error, probability and score are reserved.
 */
export interface Outputs {
  [k: string]: Name | ManifestOutput;
}
/**
 * One of the model's outputs, and what it is.
 */
export interface ManifestOutput {
  /**
   * Name of the model's output.
   */
  from: string;
  /**
   * What the output is. probabilities and scores: [N, classes], answered as an object of label and value. state: what the next request sends back; tables leave it out. Without it: what the key says; probabilities if there is an activation; otherwise value.
   */
  as?: 'label' | 'probabilities' | 'scores' | 'value' | 'embedding' | 'state';
  /**
   * Turns the output's values into probabilities: softmax if exactly one label applies to a row; sigmoid if each label has its own probability, or if a single column stands for the second of two labels. Without it: the values stay as they are.
   */
  activation?: 'softmax' | 'sigmoid';
  /**
   * Labels of the columns, in their order. Without it: the labels of the manifest, or else those in the model file.
   */
  labels?: (string | number)[];
  /**
   * Derives the prediction from these probabilities. With two classes, the second is predicted from this probability upwards. With sigmoid, the prediction is the list of all labels from this probability upwards.
   */
  threshold?: number;
  /**
   * Name for people.
   */
  title?: string;
  /**
   * Unit of the value, such as $1000.
   */
  unit?: string;
}
/**
 * How a picture becomes the model's input tensor.
 */
export interface ImagePreprocessing {
  /**
   * Members that a family of models shares: torchvision's classifiers, YOLO detectors, CLIP. Members of your own override them. GET /models/{name} shows all of them.
   */
  preset?: 'torchvision' | 'yolo' | 'clip';
  /**
   * Width that the model takes, in pixels. A model that takes pictures of any size has shorterSide or longerSide instead.
   */
  width?: number;
  /**
   * Height that the model takes, in pixels. A model that takes pictures of any size has shorterSide or longerSide instead.
   */
  height?: number;
  /**
   * For a model that takes pictures of any size: what the shorter side of a picture is scaled to, in pixels. The longer one follows, fractions of a pixel cut off, as torchvision's Resize has it.
   */
  shorterSide?: number;
  /**
   * For a model that takes pictures of any size: what the longer side of a picture is scaled to, in pixels. Beside shorterSide, the most that it may become, as torchvision's max_size: where it would be more, the shorter one becomes less.
   */
  longerSide?: number;
  /**
   * With shorterSide or longerSide, what width and height are multiples of. fit contain adds to each what lacks, in the colour of background, as Ultralytics does; fill stretches each to the nearest multiple, as PaddleOCR does. 1 by default.
   */
  multipleOf?: number;
  /**
   * With shorterSide or longerSide, false: a picture that is smaller keeps its size. true by default.
   */
  enlarge?: boolean;
  /**
   * 1 for grey, 3 for red, green, blue (the default).
   */
  channels?: 1 | 3;
  /**
   * Order of the tensor's dimensions: channels before the pixels (NCHW, the default) or after them.
   */
  layout?: 'NCHW' | 'NHWC';
  /**
   * Order of the colours in the tensor. RGB: red first (the default). BGR: blue first, as OpenCV reads pictures. mean and deviation follow it. For channels: 3.
   */
  order?: 'RGB' | 'BGR';
  /**
   * How values between pixels are found when a picture is scaled: bilinear (the default), bicubic or nearest. Of no effect with centre.
   */
  scaling?: 'bilinear' | 'bicubic' | 'nearest';
  /**
   * Whether a picture that is scaled down is averaged over all pixels that an output pixel covers, as Pillow and torchvision do (true, the default), or taken at the middle of each output pixel, as OpenCV does. Of no effect with nearest and with centre.
   */
  antialias?: boolean;
  /**
   * How a picture of other proportions is brought to this size. cover: scaled until it covers it, what juts out is cut off evenly (the default). contain: scaled until all of it fits; position and background describe the rest. fill: stretched. With shorterSide or longerSide: contain (the default) or fill, see multipleOf. Of no effect with centre.
   */
  fit?: 'cover' | 'contain' | 'fill';
  /**
   * With fit contain, where the picture lies: in the centre (the default), or at the top left.
   */
  position?: 'centre' | 'top-left';
  /**
   * With fit contain, red, green and blue of the rest; white by default. Detectors are often trained with [114, 114, 114].
   *
   * @minItems 3
   * @maxItems 3
   */
  background?: [number, number, number];
  /**
   * With fit cover, the part of width and height that is kept from the middle: 0.875 for 224 is a scaling to 256 and a cut to 224, as ImageNet models are trained. 1 by default.
   */
  crop?: number;
  /**
   * Factor on each value of 0 to 255, before mean and deviation; 1/255 brings it to 0 to 1. 1 by default.
   */
  scale?: number;
  /**
   * Subtracted after scaling: one number, or one for each channel. Without it: 0.
   */
  mean?: number[];
  /**
   * Divided by after the mean: one number, or one for each channel. Without it: 1.
   */
  deviation?: number[];
  /**
   * true where the model takes light on dark and pictures are usually dark on light: levels become 255 minus themselves, before all else. Without it: false.
   */
  invert?: boolean;
  /**
   * true: the drawing is cut out by the box around its ink, scaled until its longer side is 20/28 of the field's shorter side, and moved by whole pixels until its centre of mass lies on the middle, as MNIST was made. For channels: 1. Without it: false.
   */
  centre?: boolean;
}
/**
 * How the outputs of a detector become objects in the pixels of the picture that was sent. Without it: what the file of a YOLO model shows.
 */
export interface Detection {
  /**
   * What the outputs are. yolov5: [N, places, 5 + classes] with the probability of an object, also of YOLOv7. yolov8: [N, 4 + classes, places], also of YOLO11 and YOLO12. boxes: boxes, scores and labels as three outputs, or one output [N, boxes, 6] with all of them, of models that leave out overlaps themselves. detr: logits [N, queries, classes] and boxes [N, queries, 4], also of RT-DETR. class-scores: boxes [N, anchors, 4] and a score for each class, [N, anchors, classes] or [N, classes, anchors]; a class whose label is background is no object.
   */
  head: 'yolov5' | 'yolov8' | 'boxes' | 'detr' | 'class-scores';
  outputs?: DetectionOutputs;
  /**
   * With head detr, how logits become scores. softmax: a query is one object at most, or none, which the last class means. sigmoid: each class has a score of its own. Without it: sigmoid if there are as many classes as labels, otherwise softmax.
   */
  activation?: 'softmax' | 'sigmoid';
  /**
   * What the four numbers of a box are. corners: left, top, right, bottom. corners-yx: top, left, bottom, right, as TensorFlow has them. centre: x and y of the centre, width, height. corner-size: left, top, width, height. Without it: centre for yolov5, yolov8 and detr, otherwise corners.
   */
  form?: 'corners' | 'corners-yx' | 'centre' | 'corner-size';
  /**
   * pixels: of the model's input (the default). relative: parts of its width and height, from 0 to 1 (the default for detr).
   */
  coordinates?: 'pixels' | 'relative';
  /**
   * Objects with a score above it are answered; the query's threshold overrides it. 0.25 by default.
   */
  scoreThreshold?: number;
  /**
   * Of two boxes of one label that overlap by more than this part of what they cover together, the one with the lower score is left out; the query's overlap overrides it. Without it: 0.45 for yolov5 and class-scores, 0.7 for yolov8; for boxes and detr, overlaps stay as the model answers them.
   */
  overlapThreshold?: number;
  /**
   * Most objects of a picture, those with the highest scores. 300 by default.
   */
  maxDetections?: number;
}
/**
 * Names of the outputs. Without it: by their shapes, and where these leave it open by their names.
 */
export interface DetectionOutputs {
  /**
   * Output with the boxes; of one output, that one.
   */
  boxes: string;
  /**
   * Output with the scores, of a detr head with the logits.
   */
  scores?: string;
  /**
   * Output with the indices of labels.
   */
  labels?: string;
}
/**
 * How texts become the model's tokens, and tokens one vector. It overrides what the files beside the model say: tokenizer_config.json, config.json, and modules.json, sentence_bert_config.json and 1_Pooling/config.json of sentence-transformers.
 */
export interface TextPreprocessing {
  /**
   * How the vectors of tokens become the embedding of a text: their mean, the vector of the first token (cls), the highest value of each dimension (max), the vector of the last token, their sum by the square root of their number, or a mean in which later tokens weigh more. Without it: what the files beside the model say.
   */
  pooling?: 'mean' | 'cls' | 'max' | 'last' | 'mean-sqrt' | 'weighted-mean';
  /**
   * true: embeddings have length 1, so that their dot product is their cosine similarity. Without it: what the files beside the model say.
   */
  normalise?: boolean;
  /**
   * Most tokens of a text, with those that the model puts around it. Longer texts are cut, with a warning. Without it: what the files beside the model say.
   */
  maxTokens?: number;
  /**
   * Lengths to which embeddings may be shortened by /v1/embeddings, for models that were trained so (Matryoshka). Without it: matryoshka_dimensions of config.json.
   */
  dimensions?: number[];
  /**
   * Put before each text, such as "query: " for the E5 models. Not for rerank.
   */
  prompt?: string;
}
/**
 * How rows of different requests run together.
 */
export interface Batching {
  /**
   * false: no rows share a run, as if "rows" were "one-by-one". true: rows whose independence the graph leaves open are tested at load, however long that takes. Without it: tested where that takes less than 5 seconds.
   */
  enabled?: boolean;
  /**
   * Most rows of one run. Without it: MAX_BATCH_ROWS, or fewer where a run would take too long.
   */
  maxRows?: number;
  /**
   * Most tokens of one run of a text model. A longer text runs alone. Without it: up to 1024, as many as run in 100 ms, measured at load.
   */
  maxTokens?: number;
  /**
   * Milliseconds that a batch waits for more rows; 0 waits for nothing. Without it: MAX_BATCH_WAIT_MS.
   */
  maxWaitMs?: number;
}
/**
 * What one request and the queue of this model may hold.
 */
export interface Limits {
  /**
   * Most rows of one request. Without it: MAX_ROWS.
   */
  maxRows?: number;
  /**
   * Longest time in milliseconds that a request waits for its run; one that would wait longer is rejected at once with 503. Two runs may always wait. Without it: MAX_QUEUE_MS.
   */
  maxQueueMs?: number;
  /**
   * Most bytes of waiting tensors; beyond them requests get 503. Without it, MAX_INFLIGHT_BYTES limits the tensors of all models together; in your own program the limit is 64 MiB.
   */
  maxQueuedBytes?: number;
  /**
   * Deadline of one request in seconds. Without it: REQUEST_TIMEOUT_SECONDS.
   */
  timeoutSeconds?: number;
  /**
   * Whether dimensions that the model leaves open may be 0. Without it they may, unless the graph has an operator that may end the process on an empty dimension, such as LSTM or TopK; then such tensors and lists are refused with 422.
   */
  emptyDimensions?: boolean;
}
/**
 * Where runs take place, and with how many threads. Without it: both are decided by measuring at load.
 */
export interface Execution {
  /**
   * inline: on the event loop, for models of well under a millisecond a run. pool: in worker threads. auto: decided by measuring at load. Without it: EXECUTION.
   */
  where?: 'auto' | 'inline' | 'pool';
  /**
   * Threads inside one run. Without it: INTRA_OP_THREADS.
   */
  intraOpThreads?: number;
  /**
   * Worker threads of the pool, each with a copy of the model. Without it: WORKERS, or as many as the CPU limit allows.
   */
  workers?: number;
}
