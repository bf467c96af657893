const { openModel } = require('@nestor-onnx/nestor/engine');

const house = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

openModel('models/housing', { execution: 'pool', workers: 1 }).then(async (housing) => {
  console.log(JSON.stringify(await housing.predict([house, house])));
  await housing.predict({ ...house, RM: 'six' }).catch(({ code, errors }) => console.log(code, errors[0].field));
  await housing.close();
});
