{{- define "web.image" -}}
{{ .registry }}/{{ .repository }}:{{ .tag | default "latest" }}
{{- end -}}

{{- define "web.labels" -}}
app: web
{{- with .Values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
