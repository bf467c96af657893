import { describe, expect, it } from '@jest/globals';
import { snippet } from './snippets.ts';

const CALL = {
  url: 'http://localhost:8080/models/a/predict',
  contentType: 'application/json',
  body: { json: `{"name": "it's \\"true\\"", "flag": true, "none": null}` },
  key: false,
};

describe('snippet', () => {
  it('quotes for the shell', () => {
    expect(snippet(CALL, 'curl')).toBe(
      `curl http://localhost:8080/models/a/predict \\\n  -H 'Content-Type: application/json' \\\n  -d '{"name": "it'\\''s \\"true\\"", "flag": true, "none": null}'`,
    );
  });

  it("writes Python's words, and leaves those in text alone", () => {
    expect(snippet(CALL, 'Python')).toContain(`json={"name": "it's \\"true\\"", "flag": True, "none": None},`);
  });

  it('takes a key from the environment', () => {
    const keyed = { ...CALL, key: true };
    expect(snippet(keyed, 'curl')).toContain('-H "X-API-Key: $NESTOR_API_KEY"');
    expect(snippet(keyed, 'Python')).toContain('os.environ["NESTOR_API_KEY"]');
    expect(snippet(keyed, 'JavaScript')).toContain('process.env.NESTOR_API_KEY');
  });

  it('sends files', () => {
    const file = { ...CALL, contentType: 'text/csv', accept: 'text/csv', body: { file: 'data.csv' } };
    expect(snippet(file, 'curl')).toContain(`-H 'Accept: text/csv' \\\n  --data-binary @data.csv`);
    expect(snippet(file, 'Python')).toContain('pandas.read_csv("data.csv", chunksize=1000');
    const picture = { ...CALL, contentType: 'image/png', body: { file: 'digit.png' } };
    expect(snippet(picture, 'Python')).toContain('data=open("digit.png", "rb")');
    expect(snippet(file, 'JavaScript')).toContain("body: await readFile('data.csv')");
  });
});
