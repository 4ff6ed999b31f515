// The CustomResourceDefinitions of Kubeflow's training jobs. Nothing of it is compiled, and `go mod tidy` would drop it.
module bwki/e2e/tools/training-operator

go 1.26.0

require github.com/kubeflow/training-operator v1.8.1
