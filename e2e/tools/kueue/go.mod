// The CustomResourceDefinitions of Kueue. Nothing of it is compiled, and `go mod tidy` would drop it.
module bwki/e2e/tools/kueue

go 1.26.0

require sigs.k8s.io/kueue v0.17.0
