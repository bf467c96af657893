const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** At most four significant digits, which are easy to read. */
export const formatNumber = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e9 ? whole.format(value) : plain.format(value);

export const formatCount = (value: number): string => (value < 10_000 ? whole.format(value) : compact.format(value));

/** For means and rates, three digits are enough. */
export const formatRate = (value: number): string => compact.format(value);

/** Never rounds to 0 or 100 %, so that a value close to them does not look like them. */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%';
  if (share < 1 && share >= 0.9995) return '>99.9%';
  return percent.format(share);
}

/** A duration in a readable unit: 420 µs, 12.3 ms, 1.4 s. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.001) return `${whole.format(seconds * 1e6)} µs`;
  if (seconds < 1) return `${new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(seconds * 1e3)} ms`;
  return `${new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(seconds)} s`;
}

const MONEY = /^([$€£¥])\s?(1(?:,?0{3})*)?$/;
const CURRENCIES: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY' };

/**
 * A predicted quantity as a person would say it. A unit of money times a power of a thousand ($1000) becomes an amount:
 * 24.37 is $24,370.
 */
export function formatQuantity(value: number, unit: string | undefined): string {
  const [, sign, factor = '1'] = MONEY.exec(unit ?? '') ?? [];
  if (sign === undefined) return unit === undefined ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
  const amount = value * Number(factor.replaceAll(',', ''));
  return new Intl.NumberFormat('en', {
    ...{ style: 'currency', currency: CURRENCIES[sign]!, currencyDisplay: 'narrowSymbol' },
    ...(Math.abs(amount) < 100 ? {} : { maximumSignificantDigits: 4 }),
  }).format(amount);
}
