{{- define "portway.selector" -}}
app.kubernetes.io/name: portway
app.kubernetes.io/instance: {{ .Values.name | quote }}
{{- end }}

{{- define "portway.metadata" -}}
name: {{ .Values.name | quote }}
namespace: {{ .Release.Namespace | quote }}
labels:
  {{- include "portway.selector" . | nindent 2 }}
{{- end }}
