import { isIP } from 'class-validator';

/** The number of proxies that a request passes. */
export const isProxyCount = (text: string): boolean => /^(?:[1-9]|[12]\d|3[0-2])$/.test(text);

/**
 * IP addresses, and networks in CIDR notation, with commas between them. A network of all addresses is invalid:
 * any caller could then claim to be a proxy.
 */
export const isNetworks = (text: string): boolean => text.split(',').every((part) => isNetwork(part.trim()));

function isNetwork(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  if (!isIP(address) || rest.length > 0) return false;
  const bits = isIP(address, 4) ? 32 : 128;
  return length === undefined || (/^[1-9]\d{0,2}$/.test(length) && Number(length) <= bits);
}
