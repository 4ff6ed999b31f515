# A thin front over the npm scripts: each target sets up what it needs. Node comes with the dependencies.
.DEFAULT_GOAL := help
SHELL := /bin/sh
# The pinned Node and the tools come before those of the machine.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export NX_DAEMON ?= false

INSTALLED := node_modules/.package-lock.json

$(INSTALLED): package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

.PHONY: build-image push-image save-image help install demo test e2e soak ci build lint format goldens fuzz attack bench bench-cluster bench-namespaces clean deploy uninstall manifests

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## install what the other targets need

demo: $(INSTALLED) ## turn the examples into Bitfusion pods, run their commands, ask the webhook
	./bwki demo

test: $(INSTALLED) ## format, lint, types, all tests; ends with the sum
	npm run --silent verify

e2e: $(INSTALLED) ## tests against a real Kubernetes; needs Linux, root and Go (e2e/README.md)
	npm run --silent e2e -w @bwki/e2e

soak: $(INSTALLED) ## the long end-to-end tests at their full length: 10,000 pods, 100 rotations, 20 restarts
	npm run --silent e2e -w @bwki/e2e -- --soak cluster-scale certificates-rotation test/device-plugin

ci: $(INSTALLED) ## test and e2e, with one sum
	node tools/verify.ts --e2e

build: $(INSTALLED) ## compile the packages and the command
	nx run-many -t build --output-style=stream

lint: $(INSTALLED) ## the linter alone
	nx run-many -t lint

format: $(INSTALLED) ## write every file as the formatter wants it
	prettier --write .

goldens: $(INSTALLED) ## write the golden files anew; look at the diff before you commit it
	npm run --silent goldens --workspaces --if-present

FUZZ_SEED ?= 1
FUZZ_COUNT ?= 1000000

fuzz: $(INSTALLED) ## a million requests of all kinds to the webhook, and a search for dear ones; FUZZ_SEED=1 FUZZ_COUNT=1000000
	node --conditions=@bwki/source apps/webhook/test/fuzz/cost-search.ts --seed $(FUZZ_SEED)
	node --expose-gc --conditions=@bwki/source apps/webhook/test/fuzz/main.ts --seed $(FUZZ_SEED) --count $(FUZZ_COUNT)

attack: build ## attack the webhook as it is shipped: CPU, waits and memory of each attack; needs Linux
	node --conditions=@bwki/source apps/webhook/test/attack/main.ts $(ATTACKS)

bench: $(INSTALLED) ## how fast, as ratios against baselines of the same run
	npm run --silent quantity -w @bwki/bench
	npm run --silent review -w @bwki/bench
	npm run --silent growth -w @bwki/bench
	npm run --silent webhook -w @bwki/bench
	npm run --silent authority -w @bwki/bench
	npm run --silent device-plugin -w @bwki/bench

bench-cluster: $(INSTALLED) ## what admission costs a real API server; needs Linux and Go (e2e/README.md)
	npm run --silent bench:admission -w @bwki/e2e

bench-namespaces: $(INSTALLED) ## the webhook beside 5,000 copies of the token; needs the same
	npm run --silent bench:namespaces -w @bwki/e2e

clean: ## remove what was built, and the dependencies
	git clean -fdXq

# What is installed, by the names that the original's Makefile has for it.
IMAGE_REPO ?= docker.io/bitfusiondeviceplugin
DEVICE_IMAGE_NAME ?= bitfusion-device-plugin
WEBHOOK_IMAGE_NAME ?= bitfusion-webhook
PKG_IMAGE_NAME ?= bitfusion-client
IMAGE_TAG ?= 0.1.0
# community or tkgi
K8S_PLATFORM ?= community
# Memory of one GPU of the pool in MB. Empty: as it was installed before, at first none.
TOTAL_GPU_MEMORY ?=
# More for Helm: DEPLOY_ARGS='--set webhook.controlPlane=true'
DEPLOY_ARGS ?=
HELM ?= helm
KUBECTL ?= kubectl

CHART := deploy/helm/bwki
VALUES_community :=
VALUES_tkgi := --values $(CHART)/values-tkgi.yaml

deploy: ## install or upgrade it in a cluster, by Helm; TOTAL_GPU_MEMORY=16000 K8S_PLATFORM=community
	$(if $(filter community tkgi,$(K8S_PLATFORM)),,$(error K8S_PLATFORM is community or tkgi, and not '$(K8S_PLATFORM)'))
	$(HELM) upgrade --install bwki $(CHART) --namespace bwki --create-namespace --wait --reset-then-reuse-values \
	  $(VALUES_$(K8S_PLATFORM)) \
	  --set-string image.repository=$(IMAGE_REPO) --set-string image.tag=$(IMAGE_TAG) \
	  --set-string webhook.image.name=$(WEBHOOK_IMAGE_NAME) \
	  --set-string devicePlugin.image.name=$(DEVICE_IMAGE_NAME) \
	  --set-string client.image.name=$(PKG_IMAGE_NAME) \
	  $(if $(TOTAL_GPU_MEMORY),--set-string totalGpuMemory=$(TOTAL_GPU_MEMORY)) $(DEPLOY_ARGS)
	$(KUBECTL) label namespace bwki pod-security.kubernetes.io/enforce=restricted --overwrite

uninstall: ## remove it from a cluster, the copies of the token too; the token itself stays
	$(HELM) uninstall bwki --namespace bwki --wait
	$(KUBECTL) delete namespace bwki --ignore-not-found

# The rest of what images are made of (docs/images.md); empty: what there is.
ENGINE ?=
NODE_BASE ?=
CLIENT_PACKAGES ?=

IMAGES := IMAGE_REPO='$(IMAGE_REPO)' IMAGE_TAG='$(IMAGE_TAG)' WEBHOOK_IMAGE_NAME='$(WEBHOOK_IMAGE_NAME)' \
  DEVICE_IMAGE_NAME='$(DEVICE_IMAGE_NAME)' PKG_IMAGE_NAME='$(PKG_IMAGE_NAME)' ENGINE='$(ENGINE)' \
  NODE_BASE='$(NODE_BASE)' CLIENT_PACKAGES='$(CLIENT_PACKAGES)' \
  node --conditions=@bwki/source deploy/images/builder/main.ts

build-image: $(INSTALLED) ## build the three images, with buildah, podman or docker
	@$(IMAGES) build

push-image: $(INSTALLED) ## push them to IMAGE_REPO
	@$(IMAGES) push

save-image: $(INSTALLED) ## write them to dist/images/*.tar, for nodes without a registry
	@$(IMAGES) save

manifests: $(INSTALLED) ## write what is made of the chart: deploy/kustomize and the chart's files
	node deploy/manifests/main.ts $(HELM)
