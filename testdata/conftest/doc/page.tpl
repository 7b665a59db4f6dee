{{ range . }}{{ .Depth }} {{ .RegoPackageName }} {{ .Annotations.Scope }} {{ .Annotations.Custom.severity }}
{{ end }}