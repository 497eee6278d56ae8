{{- define "image" -}}
{{- printf "%s/%s:%s" .registry .repository .tag -}}
{{- end -}}
