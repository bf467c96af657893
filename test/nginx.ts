import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { until } from './serve.ts';
import type { Tool } from './tools.ts';

export const nginx: Tool = { name: 'nginx', get: 'apt-get install nginx' };

const running: { readonly child: ChildProcess; readonly folder: string }[] = [];

afterEach(async () => {
  for (const { child, folder } of running.splice(0)) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true });
  }
});

/**
 * An nginx in front of the server at `url`, which hands on `/team/ml/nestor` as it is, and takes `/taken/off` off the URL
 * and says so. Answers its URL; it ends after the test.
 */
export async function startNginx(url: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-nginx-'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, url));
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', join(folder, 'error.log')];
  const child = spawn('nginx', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  running.push({ child, folder });
  const origin = `http://127.0.0.1:${port}`;
  await until(() =>
    fetch(origin).then(
      () => true,
      () => false,
    ),
  );
  return origin;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

const configuration = (folder: string, port: number, url: string): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/bodies;
  proxy_temp_path ${folder}/proxied;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Prefix $prefix;
  map $uri $prefix {
    default '';
    ~^/taken/off(/|$) /taken/off;
  }
  server {
    listen 127.0.0.1:${port};
    location / { return 404; }
    location /team/ml/nestor { proxy_pass ${url}; }
    location = /taken/off { proxy_pass ${url}/; }
    location /taken/off/ { proxy_pass ${url}/; }
  }
}
`;
