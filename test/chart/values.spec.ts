import { expect, test } from '@jest/globals';
import { describeWith, helm } from '../tools.ts';
import { refusal, render } from './chart.ts';

describeWith([helm], 'the values of the chart', () => {
  test.each([
    ['an unknown key', { replicas: 3 }],
    ['an unknown key inside', { autoscaling: { maxReplica: 3 } }],
    ['an unknown setting', { settings: { LOGLEVEL: 'debug' } }],
    ['a setting that the chart derives', { settings: { SHUTDOWN_SECONDS: 10 } }],
    ['a wrong word', { settings: { LOG_LEVEL: 'verbose' } }],
    ['a wrong type', { service: { port: 'http' } }],
    ['a fraction of a pod', { autoscaling: { minReplicas: 1.5 } }],
    ['a relative path', { models: { path: 'models' } }],
    ['a nameless volume', { extraVolumes: [{ emptyDir: {} }] }],
    ['a missing part', { resources: null }],
    ['a missing probe', { probes: { startup: null } }],
    ['no time for the preStop sleep', { preStopSeconds: 0 }],
  ])('the schema rejects %s', (_what, values) => {
    expect(refusal(values)).toContain("don't meet the specifications of the schema");
  });

  test.each([
    [
      'a minimum above the maximum',
      { autoscaling: { minReplicas: 6 } },
      'autoscaling.minReplicas (6) is more than autoscaling.maxReplicas (5). Lower the one or raise the other.',
    ],
    [
      'autoscaling on CPU without a CPU request',
      { resources: { requests: { cpu: null } } },
      'Set it, or set autoscaling.enabled to false.',
    ],
    [
      'a budget that keeps every pod',
      { autoscaling: { minReplicas: 2 }, podDisruptionBudget: { minAvailable: 2 } },
      'Lower it, or raise autoscaling.minReplicas.',
    ],
    [
      'a budget that keeps every pod, without an autoscaler',
      { autoscaling: { enabled: false }, replicaCount: 3, podDisruptionBudget: { minAvailable: 4 } },
      'Lower it, or raise replicaCount.',
    ],
    [
      'a budget that keeps every pod, as a percentage',
      { autoscaling: { minReplicas: 2 }, podDisruptionBudget: { minAvailable: '100%' } },
      'Set podDisruptionBudget.maxUnavailable to at least 1.',
    ],
    [
      'a budget that allows no eviction',
      { autoscaling: { minReplicas: 2 }, podDisruptionBudget: { maxUnavailable: 0 } },
      'Set podDisruptionBudget.maxUnavailable to at least 1.',
    ],
    [
      'a budget with both limits',
      { autoscaling: { minReplicas: 2 }, podDisruptionBudget: { minAvailable: 1, maxUnavailable: 1 } },
      'Set one of them to null.',
    ],
    [
      'a scrape without the key that it needs',
      { serviceMonitor: { enabled: true }, settings: { PROTECT_METRICS: 'on' } },
      'Set settings.PROTECT_METRICS to off',
    ],
    ['an ingress without a host', { ingress: { enabled: true } }, 'Name at least one host'],
    ['API keys without a Secret', { apiKeys: { enabled: true } }, '--from-file=api-keys=FILE, and set existingSecret'],
    [
      'admin keys without a Secret',
      { admin: { enabled: true } },
      '--from-file=admin-keys=FILE, and set existingSecret',
    ],
    ['a Secret that nothing uses', { existingSecret: 'keys' }, 'Set apiKeys.enabled or admin.enabled to true'],
    ['a node port without a node', { service: { nodePort: 30080 } }, 'Set service.type to NodePort or LoadBalancer'],
    [
      'gRPC on a port that the server does not open',
      { settings: { PROTOCOLS: 'plain, v2' } },
      'grpc.enabled is true, but settings.PROTOCOLS is "plain, v2". Enable gRPC in both, or in neither.',
    ],
    [
      'gRPC without a port',
      { grpc: { enabled: false }, settings: { PROTOCOLS: 'grpc' } },
      'Enable gRPC in both, or in neither.',
    ],
    ['a folder without a claim', { models: { subPath: 'a' } }, 'Set models.existingClaim'],
    ['a memory limit without a number', { resources: { limits: { memory: 'lots' } } }, 'Write it like 512Mi'],
    ['PORT, on which the probes depend', { extraEnv: [{ name: 'PORT', value: '1' }] }, 'Use service.port instead.'],
    [
      'a deadline that would not change the grace period',
      { extraEnv: [{ name: 'REQUEST_TIMEOUT_SECONDS', value: '60' }] },
      'Use settings.REQUEST_TIMEOUT_SECONDS instead.',
    ],
    [
      "a volume with the chart's own name",
      { extraVolumes: [{ name: 'models', emptyDir: {} }] },
      'Choose another name.',
    ],
  ])('%s fails with the remedy', (_what, values, remedy) => {
    expect(refusal(values)).toContain(remedy);
  });

  test('a chart that contains this one may pass global values', () => {
    expect(render({ global: { anything: 1 } })).not.toHaveLength(0);
  });
});
