import { describe, expect, it } from '@jest/globals';
import { defineModel, stubPredictor } from '#predictor';

interface House {
  readonly rooms: number;
  readonly river?: 'yes' | 'no';
}

const Housing = defineModel<House, { readonly prediction: number }>({
  name: 'housing',
  features: [
    { name: 'rooms', type: 'number', input: 'rooms', shape: [], range: [0, 20] },
    { name: 'river', type: 'string', input: 'river', shape: [], categories: ['yes', 'no'], default: 'no' },
  ],
  inputs: [
    { name: 'rooms', datatype: 'FP32', shape: [-1, 1] },
    { name: 'river', datatype: 'BYTES', shape: [-1, 1] },
  ],
  hasRows: true,
});

describe('the schema of a model', () => {
  const row = Housing.schema['~standard'];
  const rows = Housing.rowsSchema['~standard'];

  it('passes what the model takes', () => {
    expect(row.validate({ rooms: 6 })).toEqual({ value: { rooms: 6 } });
    expect(rows.validate([{ rooms: 6, river: 'yes' }, { rooms: 7 }])).toMatchObject({ value: [{}, {}] });
  });

  it('names all that is wrong, and where', () => {
    expect(row.validate({ rooms: 60, river: 'maybe' }).issues).toEqual([
      { message: expect.stringContaining('rooms is 60'), path: ['rooms'] },
      { message: expect.stringContaining('river'), path: ['river'] },
    ]);
    expect(rows.validate([{ rooms: 6 }, {}]).issues).toEqual([
      { message: expect.stringContaining('rooms is missing'), path: [1, 'rooms'] },
    ]);
    expect(rows.validate('houses').issues).toEqual([{ message: 'A list of rows is expected.', path: [] }]);
    expect(row.validate(null).issues).toHaveLength(1);
  });

  it('is that of the errors', () => {
    expect(() => Housing.check([{ rooms: 'six' }])).toThrow(
      expect.objectContaining({ code: 'INVALID_ROWS', errors: [expect.objectContaining({ row: 0, field: 'rooms' })] }),
    );
  });
});

describe('a stub', () => {
  it('answers what it is given, or by the row, in every form of a question', async () => {
    const always = stubPredictor(Housing, { prediction: 26.5 });
    expect(await always.predict({ rooms: 6 })).toEqual({ prediction: 26.5 });
    const byRow = stubPredictor(Housing, ({ rooms }) => ({ prediction: rooms * 2 }));
    expect(await byRow.predict([{ rooms: 1 }, { rooms: 2 }])).toEqual([{ prediction: 2 }, { prediction: 4 }]);
    const answers = [];
    for await (const { prediction } of byRow.predictMany([{ rooms: 1 }, { rooms: 3 }])) answers.push(prediction);
    expect(answers).toEqual([2, 6]);
    expect(await always.predict({ rooms: 6 }, { outputs: ['prediction'] })).toEqual({ prediction: 26.5 });
    await expect(always.predict({ rooms: 6 }, { outputs: ['score' as never] })).rejects.toThrow('answers "prediction"');
    expect([always.name, await always.isReady()]).toEqual(['housing', true]);
  });

  it('refuses what the model refuses', async () => {
    const stub = stubPredictor(Housing, { prediction: 1 });
    await expect(stub.predict({ rooms: 60 })).rejects.toMatchObject({ code: 'INVALID_ROWS' });
  });

  it('says which of its methods the test has to write', async () => {
    const stub = stubPredictor('housing', { prediction: 1 });
    await expect(stub.run({})).rejects.toThrow('A stub has no run');
    await expect(stub.describe()).rejects.toThrow('A stub has no describe');
    const played = Object.assign(stub, { run: async () => ({}) });
    expect([await played.run(), await played.predict({})]).toEqual([{}, { prediction: 1 }]);
  });
});
