{{/* A list as text, empty if it has no items, so that the Deployment omits the field. */}}
{{- define "nestor.volumes" -}}
{{- $volumes := list -}}
{{- with .Values.models.existingClaim -}}
{{- $volumes = append $volumes (dict "name" "models" "persistentVolumeClaim" (dict "claimName" . "readOnly" true)) -}}
{{- end -}}
{{- with .Values.existingSecret -}}
{{- $volumes = append $volumes (dict "name" "keys" "secret" (dict "secretName" . "defaultMode" 0440)) -}}
{{- end -}}
{{- with concat $volumes .Values.extraVolumes }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{- define "nestor.volumeMounts" -}}
{{- $mounts := list -}}
{{- if .Values.models.existingClaim -}}
{{- $mount := dict "name" "models" "mountPath" (include "nestor.modelsPath" .) "readOnly" true -}}
{{- with .Values.models.subPath }}{{ $_ := set $mount "subPath" . }}{{ end -}}
{{- $mounts = append $mounts $mount -}}
{{- end -}}
{{- if .Values.existingSecret -}}
{{- $mounts = append $mounts (dict "name" "keys" "mountPath" "/etc/nestor/keys" "readOnly" true) -}}
{{- end -}}
{{- with concat $mounts .Values.extraVolumeMounts }}{{ toYaml . }}{{ end -}}
{{- end -}}
