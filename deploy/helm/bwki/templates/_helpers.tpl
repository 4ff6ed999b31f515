{{/* Whether the cluster is of a version or later: include "bwki.atLeast" (list $ "1.28") is "true" or empty. */}}
{{- define "bwki.atLeast" -}}
{{- $root := index . 0 -}}
{{- if semverCompare (printf ">=%s.0-0" (index . 1)) $root.Capabilities.KubeVersion.Version }}true{{ end -}}
{{- end }}

{{/* The reference of an image: include "bwki.image" (list $ $.Values.webhook.image). */}}
{{- define "bwki.image" -}}
{{- $root := index . 0 -}}
{{- $all := $root.Values.image -}}
{{- $image := index . 1 -}}
{{- with $all.repository }}{{ trimSuffix "/" . }}/{{ end }}{{ $image.name }}
{{- with $image.digest }}@{{ . }}{{ else }}:{{ $all.tag | default $root.Chart.AppVersion }}{{ end }}
{{- end }}

{{/* What all objects bear. */}}
{{- define "bwki.labels" -}}
app.kubernetes.io/part-of: bwki
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* By these the webhook's pods are selected, for ever: a Deployment's selector cannot change. */}}
{{- define "bwki.webhook.selector" -}}
app: bitfusion-webhook
{{- end }}

{{- define "bwki.devicePlugin.selector" -}}
app: bitfusion-device-plugin
{{- end }}

{{/* The file of the access token -> the secret that has it, whichever way the secrets are given. */}}
{{- define "bwki.tokenSecrets" -}}
{{- $secrets := .Values.token.secrets -}}
{{- if kindIs "string" $secrets -}}
{{- dict "ca.crt" $secrets "client.yaml" $secrets "servers.conf" $secrets | toYaml -}}
{{- else -}}
{{- $secrets | toYaml -}}
{{- end -}}
{{- end }}

{{/* Their names, each once, as a JSON list. */}}
{{- define "bwki.tokenSecretNames" -}}
{{- $secrets := include "bwki.tokenSecrets" . | fromYaml -}}
{{- list (get $secrets "ca.crt") (get $secrets "client.yaml") (get $secrets "servers.conf") | uniq | toJson -}}
{{- end }}

{{/* Whether pods are told apart before they are sent: "true" or empty. */}}
{{- define "bwki.hasMatchConditions" -}}
{{- $choice := .Values.webhook.matchConditions -}}
{{- if or (eq $choice "always") (and (eq $choice "auto") (include "bwki.atLeast" (list . "1.28"))) }}true{{ end -}}
{{- end }}

{{/* Which namespaces are served: of the webhook configurations, and of the webhook itself. */}}
{{- define "bwki.webhook.namespaceSelector" -}}
{{- with .Values.webhook.namespaceSelector.matchLabels }}
matchLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: NotIn
    values: {{ prepend .Values.webhook.excludedNamespaces .Release.Namespace | uniq | toJson }}
  {{- with .Values.webhook.namespaceSelector.matchExpressions }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* For a container as Pod Security "restricted" has it, but for the user: that is the pod's. */}}
{{- define "bwki.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* seccomp has a field since 1.19; an older API server that applies on its side refuses what it does not know. */}}
{{- define "bwki.seccomp" -}}
{{- if include "bwki.atLeast" (list . "1.19") -}}
seccompProfile:
  type: RuntimeDefault
{{- end -}}
{{- end }}

{{/* For a pod of users other than root: that of distroless images. */}}
{{- define "bwki.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
{{- with include "bwki.seccomp" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "bwki.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end -}}
{{- end }}
