import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { GrpcServer } from '../../apps/server/src/open-inference/grpc/grpc-server.ts';
import { clientOf, GrpcClient } from '../grpc.ts';
import { nginx, startNginx } from '../nginx.ts';
import { get, post, serve, sharedServer } from '../serve.ts';
import { describeWith } from '../tools.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const PAGE = { accept: 'text/html' };

/** The URLs that a page refers to, as a browser resolves them. */
function linksOf(url: string, page: string): string[] {
  const base = new URL(/<base href="([^"]*)"/.exec(page)?.[1] ?? '', url);
  return [...page.matchAll(/(?<!<base )(?:href|src)="([^"#][^"]*)"/g)]
    .map(([, link]) => new URL(link!, base))
    .filter(({ protocol }) => protocol !== 'data:')
    .map(({ href }) => href);
}

async function expectWholePage(url: string): Promise<void> {
  const page = await fetch(url, { headers: PAGE });
  expect([url, page.status]).toEqual([url, 200]);
  const links = linksOf(page.url, await page.text());
  expect(links.length).toBeGreaterThan(2);
  for (const link of links) expect([link, (await get(link, PAGE)).status]).toEqual([link, 200]);
}

describe('BASE_PATH', () => {
  const env = { BASE_PATH: '/team/ml/nestor/' };

  it.each(['', '/team/ml/nestor'])('requests under %j are answered', async (path) => {
    const { url } = await sharedServer(env);
    expect((await post(`${url}${path}/predict`, HOUSE)).status).toBe(200);
    expect((await get(`${url}${path}/readyz`)).status).toBe(200);
    expect((await get(`${url}${path}?page=1`)).json.status).toBe('alive');
    expect((await get(`${url}${path}/nothing`)).json.code).toBe('UNKNOWN_PATH');
    expect((await get(`${url}${path}/openapi.json`)).json.servers).toEqual([{ url: '/team/ml/nestor' }]);
  });

  it('ends at a slash of the path', async () => {
    const { url } = await sharedServer(env);
    expect((await get(`${url}/team/ml/nestors/models`)).status).toBe(404);
    expect((await get(`${url}/team/ml`)).status).toBe(404);
  });
});

describe('TRUST_PROXY', () => {
  it('takes the address of a client from the proxy, over HTTP and gRPC', async () => {
    const server = await serve({ TRUST_PROXY: '1', RATE_LIMIT_PER_MINUTE: '1' });
    const from = async (address: string) => (await get(`${server.url}/models`, { 'x-forwarded-for': address })).status;
    expect([await from('192.0.2.1'), await from('203.0.113.9, 192.0.2.1'), await from('192.0.2.2')]).toEqual([
      200, 429, 200,
    ]);
    const metadata = new Metadata();
    metadata.set('x-forwarded-for', '192.0.2.2');
    await expect(clientOf(server).call('ModelMetadata', { name: 'wine' }, metadata)).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
  });

  it('takes the public path from a trusted proxy, and from nobody else', async () => {
    const pathBy = async (env: Record<string, string>, prefix: string) => {
      const { url } = await sharedServer(env);
      return (await get(`${url}/openapi.json`, { 'x-forwarded-prefix': prefix })).json.servers[0].url;
    };
    const trusting = { TRUST_PROXY: '127.0.0.0/8', BASE_PATH: '/base' };
    expect(await pathBy(trusting, '/a/b/')).toBe('/a/b');
    for (const prefix of ['//elsewhere.example', 'a', '/a"><script>', '/a b', ''])
      expect([prefix, await pathBy(trusting, prefix)]).toEqual([prefix, '/base']);
    expect(await pathBy({ TRUST_PROXY: '192.0.2.0/24' }, '/a')).toBe('/');
    expect(await pathBy({}, '/a')).toBe('/');
  });

  it('makes the plain page name the host, the scheme and the path that clients use', async () => {
    const { url } = await sharedServer({ TRUST_PROXY: '1', CONSOLE: 'off' });
    const told = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'ml.example.com',
      'x-forwarded-prefix': '/nestor',
    };
    const { text } = await get(url, { ...PAGE, ...told });
    expect(text).toContain('curl https://ml.example.com/nestor/predict');
  });
});

describe('HOST', () => {
  const EVERYWHERE = { HOST: '' };
  const portOf = ({ url }: { readonly url: string }) => new URL(url).port;

  it('is every address of both families by default, over HTTP and gRPC', async () => {
    const server = await sharedServer(EVERYWHERE);
    const grpcPort = server.app.get(GrpcServer, { strict: false }).address.split(':').at(-1);
    for (const host of ['127.0.0.1', '[::1]']) {
      expect((await get(`http://${host}:${portOf(server)}/livez`)).status).toBe(200);
      expect(await new GrpcClient(`${host}:${grpcPort}`).call('ServerLive')).toEqual({ live: true });
    }
  });

  it('recognises an IPv4 address over an IPv6 socket', async () => {
    const server = await serve({ ...EVERYWHERE, RATE_LIMIT_PER_MINUTE: '1', TRUST_PROXY: '127.0.0.0/8' });
    const url = `http://127.0.0.1:${portOf(server)}/models`;
    const from = async (address: string) => (await get(url, { 'x-forwarded-for': address })).status;
    expect([await from('192.0.2.1'), await from('::ffff:192.0.2.1'), await from('192.0.2.2')]).toEqual([200, 429, 200]);
  });
});

describeWith([nginx], 'behind nginx', () => {
  describe.each(['/team/ml/nestor', '/taken/off'])('under %s', (path) => {
    const start = async (env: Record<string, string> = {}) => {
      const { url } = await serve({ BASE_PATH: '/team/ml/nestor', TRUST_PROXY: '127.0.0.1', ...env });
      return (await startNginx(url)) + path;
    };

    it('every link of every page works, with and without the last slash', async () => {
      const url = await start();
      for (const page of ['', '/', '/docs', '/docs/']) await expectWholePage(url + page);
    });

    it('every link of the plain page works, with and without the last slash', async () => {
      const url = await start({ CONSOLE: 'off' });
      for (const page of ['', '/']) await expectWholePage(url + page);
    });

    it('the server in the description answers predictions', async () => {
      const url = await start();
      const { servers } = (await get(`${url}/openapi.json`)).json;
      expect(servers).toEqual([{ url: path }]);
      expect((await post(`${new URL(servers[0].url, url).href}/predict`, HOUSE)).status).toBe(200);
    });

    it('no client can avoid the limit with a made-up address', async () => {
      const url = await start({ TRUST_PROXY: '1', RATE_LIMIT_PER_MINUTE: '2' });
      const from = async (address: string) => (await get(`${url}/models`, { 'x-forwarded-for': address })).status;
      expect([await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.3')]).toEqual([200, 200, 429]);
    });
  });
});
