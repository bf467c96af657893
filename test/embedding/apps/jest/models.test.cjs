const { openModel } = require('@nestor-onnx/nestor/engine');
const { expect, it } = require('@jest/globals');

const house = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

it.each(['inline', 'pool'])('predicts under Jest, required, %s', async (execution) => {
  const housing = await openModel('models/housing', { execution, workers: 1 });
  expect(await housing.predict(house)).toEqual({ prediction: 26.56419 });
  await housing.close();
});
