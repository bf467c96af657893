import { expect, it } from '@jest/globals';
import { addressBehind, trustedProxies } from './trusted-proxies.ts';

it.each([
  ['nobody is trusted', undefined, '10.0.0.1', '192.0.2.1', '10.0.0.1'],
  ['one proxy', '1', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
  ['one proxy, and an address that its caller made up', '1', '10.0.0.1', '203.0.113.9, 192.0.2.1', '192.0.2.1'],
  ['two proxies', '2', '10.0.0.1', '203.0.113.9, 192.0.2.1, 10.0.0.2', '192.0.2.1'],
  ['one proxy that says nothing', '1', '10.0.0.1', undefined, '10.0.0.1'],
  ['a network of proxies', '10.0.0.0/8', '10.0.0.1', '203.0.113.9, 192.0.2.1, 10.9.9.9', '192.0.2.1'],
  ['a network of proxies, and a peer that is none', '10.0.0.0/8', '192.0.2.7', '203.0.113.9', '192.0.2.7'],
  ['a network of proxies, and a mapped peer', '172.16.0.0/12, 10.0.0.0/8', '::ffff:10.0.0.1', '192.0.2.1', '192.0.2.1'],
  ['a proxy by its address', '2001:db8::1', '2001:db8::1', '192.0.2.1', '192.0.2.1'],
])('%s', (_what, trustProxy, peer, forwardedFor, address) => {
  expect(addressBehind(trustedProxies({ trustProxy }), peer, forwardedFor)).toBe(address);
});
