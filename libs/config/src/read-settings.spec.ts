import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSettings, Settings, SETTINGS, SettingsError } from '#config';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
};

describe('readSettings', () => {
  it('gives the defaults for an empty environment, frozen', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      port: 8080,
      host: undefined,
      modelsPath: './models',
      logLevel: 'info',
      logFormat: 'json',
      maxBodyBytes: 32 * 1024 * 1024,
      maxRows: 10_000,
      drainSeconds: 5,
      shutdownSeconds: 40,
      execution: 'auto',
    });
    expect(settings.workers).toBeUndefined();
    expect(settings).toBeInstanceOf(Settings);
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('reads each variable into its field', () => {
    const settings = readSettings({
      PORT: '0',
      HOST: '::1',
      MODELS: '/models',
      DEFAULT_MODEL: 'wine',
      WORKERS: '3',
      EXECUTION: 'pool',
    });
    expect(settings).toMatchObject({
      port: 0,
      host: '::1',
      modelsPath: '/models',
      defaultModel: 'wine',
      workers: 3,
      execution: 'pool',
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(readSettings({ PORT: '', WORKERS: '', DEFAULT_MODEL: '' })).toEqual(readSettings({}));
  });

  it('writes logs for people only in a terminal outside production', () => {
    expect(readSettings({}, true).logFormat).toBe('pretty');
    expect(readSettings({ NODE_ENV: 'production' }, true).logFormat).toBe('json');
    expect(readSettings({ LOG_FORMAT: 'json' }, true).logFormat).toBe('json');
  });

  it('reports all problems at once, each with its variable and rule', () => {
    expect(problemsOf({ PORT: '80a', LOG_LEVEL: 'loud', MAX_ROWS: '0', HOST: 'not a host', WORKERS: 'many' })).toEqual([
      'PORT must be a whole number from 0 to 65535',
      'HOST must be an IP address or a host name',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
      'MAX_ROWS must be a whole number from 1 to 10000000',
      'WORKERS must be a whole number from 1 to 256',
    ]);
  });

  it.each(['https://a.example', '*', 'http://localhost:3000, https://a.example'])('takes CORS_ORIGINS=%j', (text) =>
    expect(problemsOf({ CORS_ORIGINS: text })).toEqual([]),
  );

  it.each(['https://a.example/', 'a.example', 'https://a.example:443', 'https://a.example,*', 'null', 'on'])(
    'refuses CORS_ORIGINS=%j',
    (text) =>
      expect(problemsOf({ CORS_ORIGINS: text })).toEqual([expect.stringMatching(/^CORS_ORIGINS must be origins/)]),
  );

  it.each(['/', '/a', '/team/ml/nestor', '/team/ml/nestor/'])('takes BASE_PATH=%j', (text) =>
    expect(problemsOf({ BASE_PATH: text })).toEqual([]),
  );

  it.each(['a', '//a', '/a//b', '/a?b', '/a b', 'http://a', '/"'])('refuses BASE_PATH=%j', (text) =>
    expect(problemsOf({ BASE_PATH: text })).toEqual(['BASE_PATH must be a path such as /team/nestor']),
  );

  it.each(['1e3', '0x10', ' 8080', '8080 ', '80.0', '+80', '-1', '65536', 'true', 'NaN', '٣'])(
    'refuses PORT=%j',
    (text) => {
      expect(problemsOf({ PORT: text })).toEqual(['PORT must be a whole number from 0 to 65535']);
    },
  );

  it('names the successor of a variable that earlier versions had', () => {
    expect(problemsOf({ MAX_QUEUED_ROWS: '64' })).toEqual([
      'MAX_QUEUED_ROWS is no longer a setting: set MAX_QUEUE_MS, the longest time that a request waits, in its place',
    ]);
    expect(problemsOf({ MAX_QUEUED_BYTES: '268435456' })).toEqual([
      'MAX_QUEUED_BYTES is no longer a setting: set MAX_INFLIGHT_BYTES, the memory of all requests under way, in its place',
    ]);
    expect(problemsOf({ MAX_QUEUED_ROWS: '' })).toEqual([]);
  });

  it('refuses what can only be meant for the file of keys, since the server would be open', () => {
    for (const name of ['API_KEYS', 'API_KEY_FILE'])
      expect(problemsOf({ [name]: 'x' })).toEqual([
        `${name} is not a setting: set API_KEYS_FILE, the path of a file with one key per line, in its place`,
      ]);
    expect(problemsOf({ API_KEYS: '' })).toEqual([]);
  });

  it('lets the stop last longer than the drain', () => {
    expect(problemsOf({ DRAIN_SECONDS: '40' })).toEqual(['SHUTDOWN_SECONDS must be greater than DRAIN_SECONDS']);
    expect(problemsOf({ DRAIN_SECONDS: '40', SHUTDOWN_SECONDS: '41' })).toEqual([]);
    expect(problemsOf({ DRAIN_SECONDS: 'x' })).toEqual(['DRAIN_SECONDS must be a whole number from 0 to 86400']);
  });

  it('reads some of a few words, each at most once', () => {
    expect(readSettings({ PROTOCOLS: 'grpc, plain' }).protocols).toEqual(['grpc', 'plain']);
    for (const text of ['plain,soap', 'plain,plain', 'plain,', ',']) {
      expect(problemsOf({ PROTOCOLS: text })).toEqual([
        expect.stringContaining('PROTOCOLS must be some of plain, v2, grpc'),
      ]);
    }
  });

  it('switches administration on only with a file of its keys', () => {
    expect(problemsOf({ ADMIN: 'on' })).toEqual(['ADMIN=on needs ADMIN_KEYS_FILE']);
    expect(readSettings({ ADMIN: 'on', ADMIN_KEYS_FILE: '/keys' })).toMatchObject({
      admin: 'on',
      adminKeysFile: '/keys',
    });
    expect(problemsOf({ ADMIN: 'true' })).toEqual(['ADMIN must be one of off, on']);
  });

  it('never throws anything but a SettingsError, and never repeats a value', () => {
    const name = fc.constantFrom(...SETTINGS.map((setting) => setting.name));
    const secret = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `s3cret!${text}`);
    fc.assert(
      fc.property(fc.dictionary(name, secret), (env) => {
        for (const problem of problemsOf(env)) expect(problem).not.toContain('s3cret!');
      }),
    );
  });

  it('reads any whole number within its bounds exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (rows) => {
        expect(readSettings({ MAX_ROWS: String(rows) }).maxRows).toBe(rows);
      }),
    );
  });
});
