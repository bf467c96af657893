import { connect } from '@nestor-onnx/nestor/client';

const house = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const housing = connect(process.argv[2]).predictor('housing');
console.log(JSON.stringify(await housing.predict([house, house])));
await housing.predict({ ...house, RM: 'six' }).catch(({ code, errors }) => console.log(code, errors[0].field));
if (process.report.getReport().sharedObjects.some((file) => file.includes('onnxruntime'))) console.log('native');
