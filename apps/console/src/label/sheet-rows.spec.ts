import { expect, it } from '@jest/globals';
import { RecordReader } from '#csv';
import { SheetRows } from './sheet-rows.ts';

it('rows are counted as in a spreadsheet: with empty lines, without the line breaks in cells', () => {
  const reader = new RecordReader({ longest: 20 });
  const csv = `a,b\r\n1,2\n\n\n"x\ny\n",3\n4,5\n${'z'.repeat(40)}\n"wrong"x\n6,7`;
  const records = [...reader.push(new TextEncoder().encode(csv)), ...reader.end()];
  const rows = new SheetRows();
  expect(records.map((record) => [rows.rowOf(record), record.text])).toEqual([
    [1, 'a,b'],
    [2, '1,2'],
    [5, '"x\ny\n",3'],
    [6, '4,5'],
    [7, ''],
    [8, '"wrong"x'],
    [9, '6,7'],
  ]);
});
