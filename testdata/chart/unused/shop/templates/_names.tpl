{{ define "shop.name" }}shop{{ end }}
{{ define "shop.labels" }}app: shop{{ end }}
