import { expect, it } from '@jest/globals';
import { clientOf } from './client.ts';

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:40000', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::1', '::1'],
])('the client at %s is counted as %s', (ip, client) => {
  expect(clientOf({ acceptedKey: null, ip })).toBe(client);
});

it('a client with a key is counted by it wherever it comes from, and never in clear', () => {
  const clients = ['192.0.2.1', '192.0.2.2'].map((ip) => clientOf({ acceptedKey: 'alpha', ip }));
  expect(new Set(clients).size).toBe(1);
  expect(clients[0]).not.toContain('alpha');
});
