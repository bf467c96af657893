{{- define "nestor.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "nestor.fullname" -}}
{{- $name := include "nestor.name" . -}}
{{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- .Values.fullnameOverride | default $full | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "nestor.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "nestor.fullname" .) "default") -}}
{{- end -}}

{{- define "nestor.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{/* The labels by which the chart's objects select the server's pods. The test's pod has another component. */}}
{{- define "nestor.selectorLabels" -}}
app.kubernetes.io/name: {{ include "nestor.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "nestor.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/*
metadata of every object. Takes a dict: root; name if it is not the full name; component, labels and annotations of this
object only. The chart's own labels override others.
*/}}
{{- define "nestor.metadata" -}}
{{- $root := .root -}}
{{- $own := include "nestor.selectorLabels" $root | fromYaml -}}
{{- with .component }}{{ $_ := set $own "app.kubernetes.io/component" . }}{{ end -}}
name: {{ .name | default (include "nestor.fullname" $root) }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- merge $own (include "nestor.commonLabels" $root | fromYaml) (.labels | default dict) $root.Values.labels | toYaml | nindent 2 }}
{{- with merge dict (.annotations | default dict) $root.Values.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The minimum number of pods. */}}
{{- define "nestor.minReplicas" -}}
{{- .Values.autoscaling.enabled | ternary .Values.autoscaling.minReplicas .Values.replicaCount -}}
{{- end -}}
