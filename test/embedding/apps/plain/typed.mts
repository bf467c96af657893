import { openModel, type OpenedModel, PredictionError } from '@nestor-onnx/nestor/engine';
import { Housing, type HousingPrediction, type HousingRow } from './src/housing.js';

const housing: OpenedModel<HousingRow, HousingPrediction> = await openModel('models/housing');
const house: HousingRow = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const { prediction } = await housing.predict(house);
export const price: number | null = prediction;
export const prices: HousingPrediction[] = await housing.predict([house]);
// @ts-expect-error -- a row of another type
await housing.predict({ ...house, RM: 'six' }).catch((error: unknown) => error instanceof PredictionError);
Housing.check([house]);
