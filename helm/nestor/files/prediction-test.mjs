// `helm test` runs this file in a pod of the application's image. It sends one request through the Service.
const { NESTOR_URL, NESTOR_BODY, NESTOR_EXPECTED, NESTOR_KEYS } = process.env;
// The first key. The file has one key per line; lines that start with # are comments.
const key = NESTOR_KEYS?.split('\n')
  .find((line) => /^[^#\s]/.test(line))
  ?.trim();
const fail = (why) => {
  console.error(why);
  process.exit(1);
};
const close = (a, b) =>
  typeof a === 'number'
    ? Math.abs(a - b) <= 1e-4 * Math.max(1e-9, Math.abs(b))
    : JSON.stringify(a) === JSON.stringify(b);

const answer = await fetch(NESTOR_URL, {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
  body: NESTOR_BODY,
  signal: AbortSignal.timeout(30_000),
}).catch((error) => fail(`POST ${NESTOR_URL}: ${error.cause ?? error}`));
const text = await answer.text();
if (answer.status !== 200) fail(`POST ${NESTOR_URL} answered ${answer.status}: ${text}`);

const { prediction } = JSON.parse(text);
const expected = JSON.parse(NESTOR_EXPECTED);
if (!Array.isArray(prediction) || prediction.length === 0 || prediction.some((value) => value === null))
  fail(`No prediction in ${text}`);
if (
  expected.length > 0 &&
  (expected.length !== prediction.length || !prediction.every((p, i) => close(p, expected[i])))
)
  fail(`Expected ${NESTOR_EXPECTED}, got ${JSON.stringify(prediction)}`);
console.log(`prediction ${JSON.stringify(prediction)}`);
