export { type DetectionOptions, DetectionOptionsError } from './detection-options.ts';
export { type Detected, type Detection, type DetectionWish, Detector } from './detector.ts';
export { openDetector } from './open-detector.ts';
export { shownHead } from './shown-head.ts';
