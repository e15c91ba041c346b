{{- define "courtesy.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- /* 53 characters leave room for what is put behind it. */}}
{{- define "courtesy.fullname" -}}
{{- $name := include "courtesy.name" . }}
{{- $both := printf "%s-%s" .Release.Name $name }}
{{- $full := contains $name .Release.Name | ternary .Release.Name $both }}
{{- default $full .Values.fullnameOverride | trunc 53 | trimSuffix "-" }}
{{- end }}

{{- /* These never change: a Deployment's selector cannot. */}}
{{- define "courtesy.selectorLabels" -}}
app.kubernetes.io/name: {{ include "courtesy.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "courtesy.labels" -}}
{{ include "courtesy.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "courtesy.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- .repository }}@{{ .digest }}
{{- else }}
{{- .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end }}
{{- end }}
{{- end }}

{{- define "courtesy.serviceAccountName" -}}
{{- $unnamed := .Values.serviceAccount.create | ternary (include "courtesy.fullname" .) "default" }}
{{- default $unnamed .Values.serviceAccount.name }}
{{- end }}

{{- /* Whether there are two pods or more. */}}
{{- define "courtesy.isMany" -}}
{{- if .Values.autoscaling.enabled }}{{ if gt (int .Values.autoscaling.minReplicas) 1 }}yes{{ end }}
{{- else if gt (int .Values.replicaCount) 1 }}yes{{ end }}
{{- end }}

{{- /* How the API is spoken to. */}}
{{- define "courtesy.scheme" -}}
{{- if .Values.tls.existingSecret }}https{{ else }}http{{ end }}
{{- end }}

{{- /* The API's name in the cluster, for which its certificate is. */}}
{{- define "courtesy.host" -}}
{{ include "courtesy.fullname" . }}.{{ .Release.Namespace }}.svc
{{- end }}

{{- /* Whether `helm test` can ask. */}}
{{- define "courtesy.isTested" -}}
{{- if or (not .Values.credentials.existingSecret) .Values.test.apiKey.existingSecret }}yes{{ end }}
{{- end }}

{{- /* The ConfigMap with the policies, if there is one. */}}
{{- define "courtesy.policies" -}}
{{- if .Values.policies.existingConfigMap }}{{ .Values.policies.existingConfigMap }}
{{- else if .Values.policies.documents }}{{ include "courtesy.fullname" . }}-policies
{{- end }}
{{- end }}

{{- /* The settings, in TOML. Each value is written as JSON, which TOML reads for what occurs here.
*/}}
{{- define "courtesy.settings" -}}
{{- $secrets := "/etc/courtesy/secrets" }}
{{- $settings := dict
    "listen" (printf "%s:50051" .Values.bindAddress)
    "operations" (printf "%s:9090" .Values.bindAddress)
    "pages" (.Values.pages.enabled | ternary (printf "%s:50052" .Values.bindAddress) "off")
    "console" (.Values.console.enabled | ternary (printf "%s:50053" .Values.bindAddress) "off")
    "allow_unauthenticated" .Values.allowUnauthenticated
    "reflection" .Values.reflection
    "admin" .Values.admin
    "drain" (printf "%ds" (int .Values.drainSeconds)) }}
{{- with .Values.pages.publicUrl }}{{ $_ := set $settings "public_url" . }}{{ end }}
{{- with .Values.console.url }}{{ $_ := set $settings "console_url" . }}{{ end }}
{{- with .Values.webhooks }}
{{- if .existingSecret }}
{{- $_ := set $settings "webhooks_file" (printf "/etc/courtesy/webhooks/%s" .key) }}
{{- end }}
{{- end }}
{{- if .Values.pages.logos.existingConfigMap }}
{{- $_ := set $settings "pages_logos" "/etc/courtesy/logos" }}
{{- end }}
{{- with .Values.credentials }}
{{- if .existingSecret }}
{{- $_ := set $settings "credentials_file" (printf "/etc/courtesy/credentials/%s" .key) }}
{{- end }}
{{- end }}
{{- with .Values.tls }}
{{- if .existingSecret }}
{{- $_ := set $settings "tls_cert_file" (printf "%s/tls-certificate" $secrets) }}
{{- $_ := set $settings "tls_key_file" (printf "%s/tls-key" $secrets) }}
{{- end }}
{{- if .clientCa.existingSecret }}
{{- $_ := set $settings "tls_client_ca_file" (printf "%s/tls-client-ca" $secrets) }}
{{- end }}
{{- end }}
{{- if .Values.installationSecret.name }}
{{- $_ := set $settings "secret_file" (printf "%s/installation" $secrets) }}
{{- end }}
{{- if eq .Values.store.type "embedded" }}
{{- $_ := set $settings "store" "/var/lib/courtesy/store" }}
{{- else }}
{{- with .Values.store.redis }}
{{- $_ := set $settings "store" .url }}
{{- $_ := set $settings "journal" "/var/lib/courtesy/journal" }}
{{- if .user }}{{ $_ := set $settings "redis_user" .user }}{{ end }}
{{- if .passwordSecret.name }}
{{- $_ := set $settings "redis_password_file" (printf "%s/redis-password" $secrets) }}
{{- end }}
{{- if .sentinelUser }}{{ $_ := set $settings "redis_sentinel_user" .sentinelUser }}{{ end }}
{{- if .sentinelPasswordSecret.name }}
{{- $_ := set $settings "redis_sentinel_password_file"
    (printf "%s/redis-sentinel-password" $secrets) }}
{{- end }}
{{- if .caSecret.name }}
{{- $_ := set $settings "redis_ca_file" (printf "%s/redis-ca" $secrets) }}
{{- end }}
{{- if .clientSecret.name }}
{{- $_ := set $settings "redis_cert_file" (printf "%s/redis-certificate" $secrets) }}
{{- $_ := set $settings "redis_key_file" (printf "%s/redis-key" $secrets) }}
{{- end }}
{{- end }}
{{- if .Values.keyHashSecret.name }}
{{- $_ := set $settings "key_hash_secret_file" (printf "%s/key-hash" $secrets) }}
{{- end }}
{{- end }}
{{- if include "courtesy.policies" . }}
{{- $_ := set $settings "policy" "/etc/courtesy/policies" }}
{{- end }}
{{- range $key, $value := mergeOverwrite $settings .Values.config }}
{{ $key }} = {{ toJson $value }}
{{- end }}
{{- end }}

{{- /* The secrets that are mounted, as sources of one volume. */}}
{{- define "courtesy.secrets" -}}
{{- $redis := .Values.store.redis }}
{{- $isRedis := eq .Values.store.type "redis" }}
{{- with .Values.installationSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .key }}, path: installation}]}
{{- end }}{{ end }}
{{- with .Values.tls }}
{{- if .existingSecret }}
- secret:
    name: {{ .existingSecret }}
    items: [{key: tls.crt, path: tls-certificate}, {key: tls.key, path: tls-key}]
{{- end }}
{{- with .clientCa }}{{ if .existingSecret }}
- secret: {name: {{ .existingSecret }}, items: [{key: {{ .key }}, path: tls-client-ca}]}
{{- end }}{{ end }}
{{- end }}
{{- if $isRedis }}
{{- with .Values.keyHashSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .key }}, path: key-hash}]}
{{- end }}{{ end }}
{{- with $redis.passwordSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .key }}, path: redis-password}]}
{{- end }}{{ end }}
{{- with $redis.sentinelPasswordSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .key }}, path: redis-sentinel-password}]}
{{- end }}{{ end }}
{{- with $redis.caSecret }}{{ if .name }}
- secret: {name: {{ .name }}, items: [{key: {{ .key }}, path: redis-ca}]}
{{- end }}{{ end }}
{{- with $redis.clientSecret }}{{ if .name }}
- secret:
    name: {{ .name }}
    items:
      - {key: {{ .certificateKey }}, path: redis-certificate}
      - {key: {{ .privateKey }}, path: redis-key}
{{- end }}{{ end }}
{{- end }}
{{- end }}

{{- /* What the schema cannot say, or not in words that help. */}}
{{- define "courtesy.validate" -}}
{{- $v := .Values }}
{{- if not (or $v.credentials.existingSecret $v.allowUnauthenticated) }}
{{- fail (print
    "who may call? Make a file of credentials (courtesy credentials create NAME --role sender) "
    "and a secret of it (kubectl create secret generic courtesy-credentials "
    "--from-file=credentials.toml), and name that in credentials.existingSecret; or set "
    "allowUnauthenticated: true if the network lets only your senders in "
    "(networkPolicy.callers): then every caller that reaches the API may ask, record and "
    "change policies") }}
{{- end }}
{{- $isKnown := and $v.tls.existingSecret $v.credentials.existingSecret }}
{{- if and $v.tls.clientCa.existingSecret (not $isKnown) }}
{{- fail (print
    "tls.clientCa is for certificates that say who calls: it needs TLS (tls.existingSecret), "
    "and a file that says what they may do (credentials.existingSecret)") }}
{{- end }}
{{- $isHidden := or $v.tls.existingSecret $v.tls.allowKeysInClear }}
{{- if and $v.credentials.existingSecret (not $isHidden) }}
{{- fail (print
    "keys and customers' ids would travel in the clear: name the secret of a certificate in "
    "tls.existingSecret (cert-manager makes one); or set tls.allowKeysInClear: true if the "
    "network encrypts, for instance a mesh") }}
{{- end }}
{{- if eq $v.store.type "embedded" }}
{{- if or (gt (int $v.replicaCount) 1) $v.autoscaling.enabled }}
{{- fail (print
    "an embedded store belongs to one pod: set replicaCount: 1 and autoscaling.enabled: false, "
    "or store.type: redis") }}
{{- end }}
{{- if $v.keyHashSecret.name }}
{{- fail "keyHashSecret hides ids in keys of Redis; an embedded store has none" }}
{{- end }}
{{- else }}
{{- if not $v.store.redis.url }}
{{- fail "store.type redis needs store.redis.url" }}
{{- end }}
{{- if not $v.installationSecret.name }}
{{- fail (print
    "pods that share a Redis share a secret: make one (kubectl create secret generic courtesy "
    "--from-literal=secret=\"$(head -c 32 /dev/urandom | base64)\") and name it in "
    "installationSecret.name") }}
{{- end }}
{{- $isCertified := or $v.store.redis.caSecret.name $v.store.redis.clientSecret.name }}
{{- if and $isCertified (not (hasPrefix "rediss" $v.store.redis.url)) }}
{{- fail (print
    "store.redis names certificates, but its url does not begin with rediss: it would be "
    "spoken to without TLS") }}
{{- end }}
{{- end }}
{{- $isUpsideDown := gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas) }}
{{- if and $v.autoscaling.enabled $isUpsideDown }}
{{- fail "autoscaling.minReplicas is more than autoscaling.maxReplicas" }}
{{- end }}
{{- if and $v.pages.enabled (not $v.pages.publicUrl) }}
{{- fail "pages.enabled needs pages.publicUrl: links lead there" }}
{{- end }}
{{- if $v.pages.ingress.enabled }}
{{- if not (and $v.pages.enabled $v.pages.ingress.host) }}
{{- fail "pages.ingress.enabled needs pages.enabled and pages.ingress.host" }}
{{- end }}
{{- end }}
{{- $isSafe := and $v.console.url $v.credentials.existingSecret $v.tls.existingSecret }}
{{- if and $v.console.enabled (not $isSafe) }}
{{- fail (print
    "console.enabled needs console.url, credentials.existingSecret and tls.existingSecret: it "
    "asks who looks, over TLS") }}
{{- end }}
{{- if $v.networkPolicy.enabled }}
{{- if and $v.console.enabled (not $v.networkPolicy.console) }}
{{- fail "no one could reach the console: name who may in networkPolicy.console" }}
{{- end }}
{{- if and $v.pages.enabled (not $v.networkPolicy.pages) }}
{{- fail "no customer could reach the pages: name your ingress controller in networkPolicy.pages" }}
{{- end }}
{{- if and $v.serviceMonitor.enabled (not $v.networkPolicy.metrics) }}
{{- fail "Prometheus could not read the metrics: name your Prometheus in networkPolicy.metrics" }}
{{- end }}
{{- end }}
{{- end }}
