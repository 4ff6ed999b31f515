// The CustomResourceDefinitions of the Prometheus operator. Nothing of it is compiled, and `go mod tidy` would drop it.
module bwki/e2e/tools/prometheus-operator

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.85.0
