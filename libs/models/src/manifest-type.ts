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
   * Display name of the model.
   */
  title?: string;
  /**
   * What the model predicts and from what, in a sentence or two.
   */
  description?: string;
  /**
   * Licence of the model, preferably as an SPDX identifier such as MIT.
   */
  licence?: string;
  /**
   * The model's task. Without it: what the files beside a text model say; object-detection if there is a detection block or the file of a YOLO model shows it; image-embedding if there is an image block and an output called an embedding; image if there is an image block otherwise; classification if there are labels or probabilities; regression if there is a target; otherwise tensor. tensor serves the tensors of a text model or a detector unchanged.
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
   * The values of a row. Features that feed the same input are its columns, in this order. Without it: one field for each input of the model.
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
   * What the first dimension of the inputs is. independent: rows that get the same answer in any batch, so that requests share runs. one-by-one: rows that affect each other, so that each runs alone. none: time, tokens, nodes or a set; one record is one run. Without it: read from the graph, or else tested at load.
   */
  rows?: 'independent' | 'one-by-one' | 'none';
  batching?: Batching;
  limits?: Limits;
  execution?: Execution;
  /**
   * Which version folders are served: the latest, the latest n, all, or those listed. The highest of them serves requests that name no version. Without it: latest.
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
   * Rows for the model, in the form of a request. They appear in the documentation, and run when the model is loaded.
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
   * Display name.
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
   * Type of the value in a row. Without it: from the input's datatype.
   */
  type?: 'number' | 'integer' | 'boolean' | 'string';
  /**
   * Input of the model that the value feeds. Without it: the input of the same name, or else the only input.
   */
  input?: string;
  /**
   * Shape of the value in one row, with -1 for a dimension of any size. Needed only if the model file lacks the shape of the input, or leaves a dimension open that has a fixed size.
   */
  shape?: number[];
  /**
   * Lowest and highest allowed value; for a tensor, of each element. Requests with a value outside get 422.
   *
   * @minItems 2
   * @maxItems 2
   */
  range?: [number, number];
  /**
   * Lowest and highest value seen in training. A value outside gets a warning.
   *
   * @minItems 2
   * @maxItems 2
   */
  seen?: [number, number];
  /**
   * Allowed values. Requests with another value get 422.
   */
  categories?: Scalar[];
  /**
   * Values seen in training. Any other gets a warning.
   */
  seenCategories?: Scalar[];
  /**
   * Value for rows that have none or null, and for empty CSV cells. For a tensor: lists of its shape, or one value for all elements, such as 0 for a first state or 1 for a mask. A dimension of any size then has the length of the dimension of the same name in a required input, or the length in "shape".
   */
  default?: string | number | boolean | unknown[];
  /**
   * true: null, an absent key of a record and a CSV cell that is empty, NaN, nan or NA mean a missing value, NaN in the tensor. A table must have the column. Without it: false.
   */
  missing?: boolean;
  /**
   * Example of a value in a request, for the documentation.
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
   * Display name of the predicted quantity.
   */
  title?: string;
  /**
   * Unit of the predicted quantity, such as $1000.
   */
  unit?: string;
}
/**
 * Members of a response: a key, and the name of a model output or an object that describes it. Without it: the prediction and what the model itself shows, such as probabilities or scores. The keys model, warnings, error, probability and score are reserved.
 */
export interface Outputs {
  [k: string]: Name | ManifestOutput;
}
/**
 * One of the model's outputs, and its description.
 */
export interface ManifestOutput {
  /**
   * Name of the model's output.
   */
  from: string;
  /**
   * What the output is. probabilities and scores: [N, classes], which become an object of label and value. state: a tensor that the next request sends back; tables do not have it. Without it: what the key says; probabilities if there is an activation; otherwise value.
   */
  as?: 'label' | 'probabilities' | 'scores' | 'value' | 'embedding' | 'state';
  /**
   * Turns the output's values into probabilities: softmax if exactly one label applies to a row; sigmoid if each label has its own probability, or if a single column stands for the second of two labels. Without it: the values stay unchanged.
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
   * Display name.
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
   * Members for a family of models: torchvision's classifiers, YOLO detectors, CLIP. Your own members override them. GET /models/{name} shows all of them.
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
   * For a model that takes pictures of any size: the length to which the shorter side of a picture is scaled, in pixels. The longer side keeps the proportions, rounded down as in torchvision's Resize.
   */
  shorterSide?: number;
  /**
   * For a model that takes pictures of any size: the length to which the longer side of a picture is scaled, in pixels. With shorterSide, it is the maximum, as torchvision's max_size: if the longer side would exceed it, the shorter side is scaled to less.
   */
  longerSide?: number;
  /**
   * With shorterSide or longerSide, width and height become multiples of this number. fit contain fills them up in the colour of background, as Ultralytics does; fill stretches each to the nearest multiple, as PaddleOCR does. 1 by default.
   */
  multipleOf?: number;
  /**
   * With shorterSide or longerSide, false: a smaller picture keeps its size. true by default.
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
   * Order of the colours in the tensor. RGB: red first (the default). BGR: blue first, as OpenCV reads pictures. mean and deviation have the same order. For channels: 3.
   */
  order?: 'RGB' | 'BGR';
  /**
   * How a picture is interpolated when it is scaled: bilinear (the default), bicubic or nearest. It has no effect with centre.
   */
  scaling?: 'bilinear' | 'bicubic' | 'nearest';
  /**
   * Whether a picture that is scaled down is averaged over all pixels that an output pixel covers, as Pillow and torchvision do (true, the default), or sampled at the middle of each output pixel, as OpenCV does. It has no effect with nearest or centre.
   */
  antialias?: boolean;
  /**
   * How a picture of other proportions gets this size. cover: scaled until it covers the size, and cropped evenly (the default). contain: scaled until all of it fits; position and background describe the rest. fill: stretched. With shorterSide or longerSide: contain (the default) or fill, see multipleOf. It has no effect with centre.
   */
  fit?: 'cover' | 'contain' | 'fill';
  /**
   * With fit contain, the position of the picture: in the centre (the default), or at the top left.
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
   * With fit cover, the part of width and height that is kept, from the middle: 0.875 for 224 means scaling to 256 and cropping to 224, as in the training of ImageNet models. 1 by default.
   */
  crop?: number;
  /**
   * Factor for each value from 0 to 255, before mean and deviation; 1/255 gives values from 0 to 1. 1 by default.
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
   * true if the model takes light on dark, and pictures are usually dark on light: each level becomes 255 minus the level, before everything else. Without it: false.
   */
  invert?: boolean;
  /**
   * true: the drawing is cropped to its ink, scaled until its longer side is 20/28 of the input's shorter side, and moved by whole pixels until its centre of mass is in the middle, as in MNIST. For channels: 1. Without it: false.
   */
  centre?: boolean;
}
/**
 * How the outputs of a detector become objects, in pixels of the sent picture. Without it: what the file of a YOLO model shows.
 */
export interface Detection {
  /**
   * What the outputs are. yolov5: [N, places, 5 + classes] with the probability of an object, also of YOLOv7. yolov8: [N, 4 + classes, places], also of YOLO11 and YOLO12. boxes: boxes, scores and labels as three outputs, or one output [N, boxes, 6] with all of them, of models that suppress overlaps themselves. detr: logits [N, queries, classes] and boxes [N, queries, 4], also of RT-DETR. class-scores: boxes [N, anchors, 4] and a score for each class, [N, anchors, classes] or [N, classes, anchors]; a class with the label background is not an object.
   */
  head: 'yolov5' | 'yolov8' | 'boxes' | 'detr' | 'class-scores';
  outputs?: DetectionOutputs;
  /**
   * With head detr, how logits become scores. softmax: a query is at most one object; the last class means none. sigmoid: each class has an independent score. Without it: sigmoid if there are as many classes as labels, otherwise softmax.
   */
  activation?: 'softmax' | 'sigmoid';
  /**
   * What the four numbers of a box are. corners: left, top, right, bottom. corners-yx: top, left, bottom, right, as in TensorFlow. centre: x and y of the centre, width, height. corner-size: left, top, width, height. Without it: centre for yolov5, yolov8 and detr, otherwise corners.
   */
  form?: 'corners' | 'corners-yx' | 'centre' | 'corner-size';
  /**
   * pixels: of the model's input (the default). relative: parts of its width and height, from 0 to 1 (the default for detr).
   */
  coordinates?: 'pixels' | 'relative';
  /**
   * Responses contain objects with a higher score. The query parameter threshold overrides it. 0.25 by default.
   */
  scoreThreshold?: number;
  /**
   * If the intersection of two boxes with the same label is more than this part of their union, the one with the lower score is dropped. The query parameter overlap overrides it. Without it: 0.45 for yolov5 and class-scores, 0.7 for yolov8; for boxes and detr, overlaps stay.
   */
  overlapThreshold?: number;
  /**
   * Maximum objects of a picture; those with the highest scores stay. 300 by default.
   */
  maxDetections?: number;
}
/**
 * Names of the outputs. Without it: identified by their shapes or, if these are ambiguous, by their names.
 */
export interface DetectionOutputs {
  /**
   * Output with the boxes, or the only output.
   */
  boxes: string;
  /**
   * Output with the scores; for a detr head, with the logits.
   */
  scores?: string;
  /**
   * Output with the indices of labels.
   */
  labels?: string;
}
/**
 * How texts become tokens, and the tokens' vectors one embedding. It overrides the files beside the model: tokenizer_config.json, config.json, and modules.json, sentence_bert_config.json and 1_Pooling/config.json of sentence-transformers.
 */
export interface TextPreprocessing {
  /**
   * How the vectors of tokens become the embedding of a text: their mean, the vector of the first token (cls), the highest value of each dimension (max), the vector of the last token, their sum divided by the square root of their number (mean-sqrt), or a mean with more weight on later tokens (weighted-mean). Without it: what the files beside the model say.
   */
  pooling?: 'mean' | 'cls' | 'max' | 'last' | 'mean-sqrt' | 'weighted-mean';
  /**
   * true: embeddings have length 1, so that their dot product is their cosine similarity. Without it: what the files beside the model say.
   */
  normalise?: boolean;
  /**
   * Maximum tokens of a text, including special tokens. Longer texts are cut off, with a warning. Without it: what the files beside the model say.
   */
  maxTokens?: number;
  /**
   * Lengths to which /v1/embeddings may shorten embeddings, for models that were trained for it (Matryoshka). Without it: matryoshka_dimensions of config.json.
   */
  dimensions?: number[];
  /**
   * Prefix of each text, such as "query: " for the E5 models. Not for rerank.
   */
  prompt?: string;
}
/**
 * How rows of different requests run together.
 */
export interface Batching {
  /**
   * false: no rows share a run, as if "rows" were "one-by-one". true: if the graph leaves the independence of rows open, it is tested at load, however long that takes. Without it: tested if that takes less than 5 seconds.
   */
  enabled?: boolean;
  /**
   * Maximum rows of one run. Without it: MAX_BATCH_ROWS, or fewer if a run would take too long.
   */
  maxRows?: number;
  /**
   * Maximum tokens of one run of a text model. A longer text runs alone. Without it: as many as run in 100 ms, measured at load, up to 1024.
   */
  maxTokens?: number;
  /**
   * Milliseconds that a batch waits for more rows; 0 for no wait. Without it: MAX_BATCH_WAIT_MS.
   */
  maxWaitMs?: number;
}
/**
 * Limits of one request and of this model's queue.
 */
export interface Limits {
  /**
   * Maximum rows of one request. Without it: MAX_ROWS.
   */
  maxRows?: number;
  /**
   * Longest time in milliseconds that a request waits for its run; one that would wait longer is rejected at once with 503. Two runs may always wait. Without it: MAX_QUEUE_MS.
   */
  maxQueueMs?: number;
  /**
   * Maximum bytes of waiting tensors; beyond that, requests get 503. Without it, MAX_INFLIGHT_BYTES limits the tensors of all models together; in your own program the limit is 64 MiB.
   */
  maxQueuedBytes?: number;
  /**
   * Deadline of one request in seconds. Without it: REQUEST_TIMEOUT_SECONDS.
   */
  timeoutSeconds?: number;
  /**
   * Whether dimensions that the model leaves open may be 0. Without it they may, unless the graph has an operator that an empty dimension may crash, such as LSTM or TopK; then requests with such tensors or lists get 422.
   */
  emptyDimensions?: boolean;
}
/**
 * Where runs take place, and with how many threads. Without it: decided by measurements at load.
 */
export interface Execution {
  /**
   * inline: on the event loop, for models that need well under a millisecond per run. pool: in worker threads. auto: decided by measurements at load. Without it: EXECUTION.
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
