import { expect, it } from '@jest/globals';
import { isNetworks, isProxyCount } from './networks.ts';

it.each(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1', '10.0.0.0/8, fd00::/8,192.0.2.7'])(
  '%s is networks',
  (text) => expect(isNetworks(text)).toBe(true),
);

it.each([
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0/8',
  'proxy',
  'on',
  'true',
  '10.0.0.1,',
  '1.2.3.4/8/8',
  '',
])('%j is none', (text) => expect(isNetworks(text)).toBe(false));

it('a number of proxies is from 1 to 32', () => {
  expect(['1', '9', '10', '32'].every(isProxyCount)).toBe(true);
  expect(['0', '33', '01', '1.5', '-1', 'one', ''].some(isProxyCount)).toBe(false);
});
