{{- define "web.tls" -}}
secretName: {{ .Values.ingress.tls.secretName }}
{{- end -}}
