{{/* Checks combinations of values that the schema cannot. Each message ends with the remedy. */}}
{{- define "nestor.checks" -}}
{{- $v := .Values -}}
{{- $least := include "nestor.minReplicas" . | int -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- fail (printf "autoscaling.minReplicas (%d) is more than autoscaling.maxReplicas (%d). Lower the one or raise the other." (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (not (dig "requests" "cpu" "" $v.resources)) -}}
{{- fail "autoscaling measures CPU against resources.requests.cpu, which is not set. Set it, or set autoscaling.enabled to false." -}}
{{- end -}}
{{- if and $v.podDisruptionBudget.enabled (ge $least 2) -}}
{{- with $v.podDisruptionBudget -}}
{{- if and (not (kindIs "invalid" .minAvailable)) (not (kindIs "invalid" .maxUnavailable)) -}}
{{- fail "podDisruptionBudget.minAvailable and podDisruptionBudget.maxUnavailable are both set; Kubernetes takes one. Set one of them to null." -}}
{{- end -}}
{{- if and (not (kindIs "invalid" .minAvailable)) (not (kindIs "string" .minAvailable)) (ge (int .minAvailable) $least) -}}
{{- fail (printf "podDisruptionBudget.minAvailable (%d) allows the eviction of none of the %d pods, so that no node could be drained. Lower it, or raise %s." (int .minAvailable) $least ($v.autoscaling.enabled | ternary "autoscaling.minReplicas" "replicaCount")) -}}
{{- end -}}
{{- if or (eq (toString .minAvailable) "100%") (has (toString .maxUnavailable) (list "0" "0%")) -}}
{{- fail "podDisruptionBudget allows the eviction of no pod, so that no node could be drained. Set podDisruptionBudget.maxUnavailable to at least 1." -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) -}}
{{- fail "ingress.enabled is true, but ingress.hosts is empty. Name at least one host, such as nestor.example.com." -}}
{{- end -}}
{{- if and $v.serviceMonitor.enabled (eq (toString $v.settings.PROTECT_METRICS) "on") -}}
{{- fail "serviceMonitor.enabled is true, but settings.PROTECT_METRICS requires an API key, which the ServiceMonitor does not send. Set settings.PROTECT_METRICS to off and restrict access with networkPolicy.from, or set serviceMonitor.enabled to false and scrape with your own configuration." -}}
{{- end -}}
{{- range $use := list "apiKeys" "admin" -}}
{{- with get $v $use -}}
{{- if and .enabled (not $v.existingSecret) -}}
{{- fail (printf "%s.enabled is true, but existingSecret names no Secret with the keys. Create one with kubectl create secret generic nestor-keys --from-file=%s=FILE, and set existingSecret to its name." $use .secretKey) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.existingSecret (not $v.apiKeys.enabled) (not $v.admin.enabled) -}}
{{- fail "existingSecret is set, but nothing uses its keys. Set apiKeys.enabled or admin.enabled to true, or existingSecret to an empty string." -}}
{{- end -}}
{{- if and (eq $v.service.type "ClusterIP") $v.service.nodePort -}}
{{- fail "service.nodePort is set, but a Service of type ClusterIP has no node port. Set service.type to NodePort or LoadBalancer, or service.nodePort to null." -}}
{{- end -}}
{{- with $v.settings.PROTOCOLS -}}
{{- if ne $v.grpc.enabled (has "grpc" (splitList "," (nospace .))) -}}
{{- fail (printf "grpc.enabled is %t, but settings.PROTOCOLS is %q. Enable gRPC in both, or in neither." $v.grpc.enabled .) -}}
{{- end -}}
{{- end -}}
{{- if and $v.models.subPath (not $v.models.existingClaim) -}}
{{- fail "models.subPath is set, but models.existingClaim, whose folder it names, is empty. Set models.existingClaim, or set models.subPath to an empty string." -}}
{{- end -}}
{{- $derived := dict "PORT" "service.port" "GRPC_PORT" "grpc.port" "PROTOCOLS" "settings.PROTOCOLS" "MODELS" "models.path" "DEFAULT_MODEL" "models.default" "SHUTDOWN_SECONDS" "preStopSeconds and settings.DRAIN_SECONDS" "DRAIN_SECONDS" "settings.DRAIN_SECONDS" "REQUEST_TIMEOUT_SECONDS" "settings.REQUEST_TIMEOUT_SECONDS" "API_KEYS_FILE" "apiKeys" "ADMIN" "admin.enabled" "ADMIN_KEYS_FILE" "admin" -}}
{{- range $v.extraEnv -}}
{{- if hasKey $derived .name -}}
{{- fail (printf "extraEnv sets %s, but the chart's probes, ports or volumes depend on its value. Use %s instead." .name (get $derived .name)) -}}
{{- end -}}
{{- end -}}
{{- range $v.extraVolumes -}}
{{- if has .name (list "models" "keys") -}}
{{- fail (printf "extraVolumes has a volume with the name %q, which this chart uses. Choose another name." .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
