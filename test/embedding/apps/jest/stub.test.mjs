import { Test } from '@nestjs/testing';
import { expect, it } from '@jest/globals';
import { getPredictorToken } from '@nestor-onnx/nestor/nestjs';
import { stubPredictor } from '@nestor-onnx/nestor/nestjs/testing';
import { AppModule } from './dist/app.module.js';
import { HousesController } from './dist/houses.controller.js';
import { Housing } from './dist/housing.js';

it('answers by a stub under Jest, and loads no native file', async () => {
  const tested = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(getPredictorToken(Housing))
    .useValue(stubPredictor(Housing, { prediction: 26.5 }))
    .compile();
  await tested.init();
  expect(await tested.get(HousesController).price({ CHAS: 0, RM: 6, TAX: 1, PTRATIO: 1, B: 1, LSTAT: 1 })).toEqual({
    price: 26.5,
  });
  await tested.close();
  expect(process.report.getReport().sharedObjects.filter((file) => file.includes('onnxruntime'))).toEqual([]);
});
