{{/* A number as the server reads it. YAML numbers are floats here, and 33554432 must not become 3.3554432e+07. */}}
{{- define "nestor.plain" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}

{{/* Seconds from SIGTERM to SIGKILL: the drain, one whole request, and 5 to shut down. */}}
{{- define "nestor.stopSeconds" -}}
{{- add .Values.settings.DRAIN_SECONDS .Values.settings.REQUEST_TIMEOUT_SECONDS 5 -}}
{{- end -}}

{{/* Kubernetes counts the preStop sleep into the grace period. */}}
{{- define "nestor.gracePeriodSeconds" -}}
{{- add .Values.preStopSeconds (include "nestor.stopSeconds" . | int) -}}
{{- end -}}

{{- define "nestor.modelsPath" -}}
{{- .Values.models.path | default (empty .Values.models.existingClaim | ternary "" "/models") -}}
{{- end -}}

{{/* A Kubernetes quantity of memory in MiB. */}}
{{- define "nestor.mebibytes" -}}
{{- $quantity := include "nestor.plain" . -}}
{{- $unit := regexFind "[A-Za-z]*$" $quantity -}}
{{- $bytes := dict "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 -}}
{{- if or (not (hasKey $bytes $unit)) (not (regexMatch "^[0-9]+([.][0-9]+)?[A-Za-z]*$" $quantity)) -}}
{{- fail (printf "resources.limits.memory is %s, from which the heap's size cannot be computed. Write it like 512Mi, or set heapPercent to 0." $quantity) -}}
{{- end -}}
{{- divf (mulf (trimSuffix $unit $quantity | float64) (get $bytes $unit)) 1048576.0 | floor | int64 -}}
{{- end -}}

{{/* --max-old-space-size from the memory limit and heapPercent; empty without either. */}}
{{- define "nestor.nodeOptions" -}}
{{- $limit := dig "limits" "memory" "" .Values.resources -}}
{{- if and $limit .Values.heapPercent -}}
--max-old-space-size={{ div (mul (include "nestor.mebibytes" $limit | int64) .Values.heapPercent) 100 }}
{{- end -}}
{{- end -}}

{{/* The container's environment: the settings as given, then those that the chart derives from other values. */}}
{{- define "nestor.environment" -}}
PORT: "8080"
{{- if .Values.grpc.enabled }}
GRPC_PORT: "8081"
{{- else if not .Values.settings.PROTOCOLS }}
{{- /* The server's default without gRPC; a test compares the two. */}}
PROTOCOLS: "plain,v2,kserve-v1,mlflow,openai,tei"
{{- end }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ include "nestor.plain" $value | quote }}
{{- end }}
{{- /* A broken model in the image stops the rollout. On a volume, one bad file must not stop every pod that restarts. */}}
{{- if not (or (hasKey .Values.settings "STRICT_MODELS") (include "nestor.modelsPath" .)) }}
STRICT_MODELS: "on"
{{- end }}
{{- with .Values.ingress }}
{{- if and .enabled (not (hasKey $.Values.settings "TRUST_PROXY")) }}
TRUST_PROXY: "1"
{{- end }}
{{- /* With ImplementationSpecific, the controller may rewrite the path. */}}
{{- if and .enabled (ne .path "/") (ne .pathType "ImplementationSpecific") (not (hasKey $.Values.settings "BASE_PATH")) }}
BASE_PATH: {{ .path | quote }}
{{- end }}
{{- end }}
{{- /* Two seconds before SIGKILL, so that the server itself ends and logs a stop that takes too long. */}}
SHUTDOWN_SECONDS: {{ sub (include "nestor.stopSeconds" . | int) 2 | quote }}
{{- with include "nestor.modelsPath" . }}
MODELS: {{ . | quote }}
{{- end }}
{{- with .Values.models.default }}
DEFAULT_MODEL: {{ . | quote }}
{{- end }}
{{- if .Values.apiKeys.enabled }}
API_KEYS_FILE: {{ printf "/etc/nestor/keys/%s" .Values.apiKeys.secretKey | quote }}
{{- end }}
{{- if .Values.admin.enabled }}
ADMIN: "on"
ADMIN_KEYS_FILE: {{ printf "/etc/nestor/keys/%s" .Values.admin.secretKey | quote }}
{{- end }}
{{- with include "nestor.nodeOptions" . }}
NODE_OPTIONS: {{ . | quote }}
{{- end }}
{{- end -}}
