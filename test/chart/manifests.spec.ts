import { expect, test } from '@jest/globals';
import { readSettings } from '#config';
import { describeWith, helm } from '../tools.ts';
import { render, renderOne } from './chart.ts';

const kinds = (values: object = {}): string[] => render(values).map(({ kind }) => kind);
const pod = (values: object = {}) => renderOne('Deployment', values).spec.template.spec;
const container = (values: object = {}) => pod(values).containers[0];
const environment = (values: object = {}) => renderOne('ConfigMap', values).data ?? {};

describeWith([helm], 'the manifests of the chart', () => {
  test('by default, one pod that only the autoscaler multiplies, and nothing that is off', () => {
    expect(kinds().sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'NetworkPolicy',
      'Pod',
      'Service',
      'ServiceAccount',
    ]);
    expect(renderOne('Deployment').spec).not.toHaveProperty('replicas');
    expect(renderOne('HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 1, maxReplicas: 5 });
  });

  test('without autoscaling the Deployment has its replicas and no autoscaler', () => {
    const values = { autoscaling: { enabled: false }, replicaCount: 3 };
    expect(renderOne('Deployment', values).spec.replicas).toBe(3);
    expect(kinds(values)).not.toContain('HorizontalPodAutoscaler');
  });

  test('a disruption budget only if there are at least two pods', () => {
    expect(kinds({ autoscaling: { minReplicas: 2 } })).toContain('PodDisruptionBudget');
    expect(kinds({ autoscaling: { enabled: false }, replicaCount: 2 })).toContain('PodDisruptionBudget');
    expect(kinds({ autoscaling: { enabled: false }, replicaCount: 1 })).not.toContain('PodDisruptionBudget');
    expect(renderOne('PodDisruptionBudget', { autoscaling: { minReplicas: 2 } }).spec.maxUnavailable).toBe(1);
  });

  test('the grace period includes the preStop sleep, the drain and the longest request', () => {
    expect(pod().terminationGracePeriodSeconds).toBe(5 + 5 + 30 + 5);
    const values = { preStopSeconds: 8, settings: { DRAIN_SECONDS: 10, REQUEST_TIMEOUT_SECONDS: 90 } };
    expect(pod(values).terminationGracePeriodSeconds).toBe(8 + 10 + 90 + 5);
    expect(container(values).lifecycle.preStop).toEqual({ sleep: { seconds: 8 } });
    // The server gives up before the kubelet does, so that it can say so.
    expect(Number(environment(values)['SHUTDOWN_SECONDS'])).toBeGreaterThan(10 + 90);
    expect(Number(environment(values)['SHUTDOWN_SECONDS'])).toBeLessThan(10 + 90 + 5);
  });

  test('a process that hangs does not get time to finish requests', () => {
    expect(container({ preStopSeconds: 8 }).livenessProbe.terminationGracePeriodSeconds).toBe(10);
  });

  test.each([
    ['512Mi', '256'],
    ['1.5Gi', '768'],
    ['1G', '476'],
    [536_870_912, '256'],
  ])('the heap gets half of a memory limit of %s', (memory, mebibytes) => {
    expect(environment({ resources: { limits: { memory } } })['NODE_OPTIONS']).toBe(
      `--max-old-space-size=${mebibytes}`,
    );
  });

  test('without a memory limit, or with heapPercent 0, NODE_OPTIONS is not set', () => {
    expect(environment({ resources: { limits: { memory: null } } })).not.toHaveProperty('NODE_OPTIONS');
    expect(environment({ heapPercent: 0 })).not.toHaveProperty('NODE_OPTIONS');
  });

  test('large numbers reach the server in digits', () => {
    expect(environment({ settings: { MAX_BODY_BYTES: 33_554_432 } })['MAX_BODY_BYTES']).toBe('33554432');
  });

  test('a changed setting restarts the pods', () => {
    const checksum = (values: object) =>
      renderOne('Deployment', values).spec.template.metadata.annotations['checksum/config'];
    expect(checksum({ settings: { LOG_LEVEL: 'debug' } })).not.toBe(checksum({}));
  });

  test('liveness checks the event loop, readiness and start-up check the models', () => {
    const { livenessProbe, readinessProbe, startupProbe } = container();
    expect(livenessProbe).toMatchObject({ httpGet: { path: '/livez' }, timeoutSeconds: 5, failureThreshold: 6 });
    expect(readinessProbe.httpGet.path).toBe('/readyz');
    expect(startupProbe.httpGet.path).toBe('/readyz');
  });

  test("the pods, including the test's, are restricted and get no service links and no token", () => {
    for (const spec of [pod(), renderOne('Pod').spec]) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(spec.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test("the Service sends no requests to the test's pod", () => {
    const selector = renderOne('Service').spec.selector;
    expect(renderOne('Deployment').spec.template.metadata.labels).toMatchObject(selector);
    expect(renderOne('Pod').metadata.labels).not.toMatchObject(selector);
  });

  test('models come from the image, from a claim, or from any other volume', () => {
    expect(pod()).not.toHaveProperty('volumes');
    expect(environment()).not.toHaveProperty('MODELS');
    expect(environment()['STRICT_MODELS']).toBe('on');
    expect(environment({ settings: { STRICT_MODELS: 'off' } })['STRICT_MODELS']).toBe('off');

    const claim = { models: { existingClaim: 'models', subPath: 'live' } };
    expect(pod(claim).volumes).toEqual([
      { name: 'models', persistentVolumeClaim: { claimName: 'models', readOnly: true } },
    ]);
    expect(container(claim).volumeMounts).toEqual([
      { name: 'models', mountPath: '/models', readOnly: true, subPath: 'live' },
    ]);
    expect(environment(claim)['MODELS']).toBe('/models');
    expect(environment(claim)).not.toHaveProperty('STRICT_MODELS');

    const volume = {
      models: { path: '/here' },
      extraVolumes: [{ name: 'here', emptyDir: {} }],
      extraVolumeMounts: [{ name: 'here', mountPath: '/here' }],
    };
    expect(pod(volume).volumes).toEqual(volume.extraVolumes);
    expect(container(volume).volumeMounts).toEqual(volume.extraVolumeMounts);
    expect(environment(volume)['MODELS']).toBe('/here');
  });

  test('behind an Ingress, the server trusts one proxy, and knows its path', () => {
    const behind = (ingress: object, settings: object = {}) =>
      environment({ ingress: { enabled: true, hosts: ['a.example'], ...ingress }, settings });
    expect(environment({ ingress: { path: '/a' } })).not.toHaveProperty('TRUST_PROXY');
    expect(environment({ ingress: { path: '/a' } })).not.toHaveProperty('BASE_PATH');
    expect(behind({})['TRUST_PROXY']).toBe('1');
    expect(behind({})).not.toHaveProperty('BASE_PATH');
    expect(behind({ path: '/team/ml/nestor' })['BASE_PATH']).toBe('/team/ml/nestor');
    expect(behind({ path: '/a(/|$)(.*)', pathType: 'ImplementationSpecific' })).not.toHaveProperty('BASE_PATH');
    expect(behind({ path: '/a' }, { TRUST_PROXY: 2, BASE_PATH: '/b/a' })).toMatchObject({
      TRUST_PROXY: '2',
      BASE_PATH: '/b/a',
    });
  });

  test('keys come from a Secret, as files whose paths the server and the test know', () => {
    const values = { existingSecret: 'keys', apiKeys: { enabled: true }, admin: { enabled: true, secretKey: 'ours' } };
    expect(pod(values).volumes).toEqual([{ name: 'keys', secret: { secretName: 'keys', defaultMode: 0o440 } }]);
    expect(container(values).volumeMounts).toEqual([{ name: 'keys', mountPath: '/etc/nestor/keys', readOnly: true }]);
    expect(environment(values)).toMatchObject({
      API_KEYS_FILE: '/etc/nestor/keys/api-keys',
      ADMIN: 'on',
      ADMIN_KEYS_FILE: '/etc/nestor/keys/ours',
    });
    expect(renderOne('Pod', values).spec.containers[0].env).toContainEqual({
      name: 'NESTOR_KEYS',
      valueFrom: { secretKeyRef: { name: 'keys', key: 'api-keys' } },
    });
    expect(environment()).not.toHaveProperty('ADMIN');
  });

  test('gRPC has its own port in the container, the Service and the policy', () => {
    expect(container().ports).toContainEqual({ name: 'grpc', containerPort: 8081, protocol: 'TCP' });
    expect(renderOne('Service', { grpc: { port: 9000 } }).spec.ports).toContainEqual({
      name: 'grpc',
      port: 9000,
      targetPort: 'grpc',
      appProtocol: 'kubernetes.io/h2c',
    });
    expect(renderOne('NetworkPolicy').spec.ingress[0].ports).toContainEqual({ port: 'grpc', protocol: 'TCP' });
    expect(environment()).toMatchObject({ GRPC_PORT: '8081' });
    expect(environment()).not.toHaveProperty('PROTOCOLS');
    expect(container({ grpc: { readinessProbe: true } }).readinessProbe).toMatchObject({ grpc: { port: 8081 } });
  });

  test('without gRPC there is no such port, and the server does not listen there', () => {
    const values = { grpc: { enabled: false, readinessProbe: true } };
    expect(JSON.stringify(render(values))).not.toMatch(/8081|"name":"grpc"/);
    expect(container(values).readinessProbe.httpGet.path).toBe('/readyz');
    const served = readSettings({}).protocols.filter((protocol) => protocol !== 'grpc');
    expect(environment(values)['PROTOCOLS']).toBe(served.join(','));
  });

  test('a release name that YAML would read as another type stays a string', () => {
    expect(renderOne('Service', { nameOverride: 'on' }).spec.selector['app.kubernetes.io/name']).toBe('on');
  });

  test('labels and annotations of all objects, and of only the pods', () => {
    const values = { labels: { team: 'a' }, podLabels: { tier: 'b' }, annotations: { c: 'd' } };
    for (const { metadata } of render(values)) {
      expect(metadata).toMatchObject({ labels: { team: 'a' }, annotations: { c: 'd' } });
    }
    expect(renderOne('Deployment', values).spec.template.metadata).toMatchObject({
      labels: { team: 'a', tier: 'b' },
      annotations: { c: 'd' },
    });
  });

  test('pods are spread, each revision by itself', () => {
    expect(pod().topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: renderOne('Service').spec.selector },
        matchLabelKeys: ['pod-template-hash'],
      },
    ]);
  });
});
