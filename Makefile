# Everything that a developer or CI runs. `make demo` and `make test` do their own set-up.

PREFIX ?= /usr/local
SWIFT ?= swift
DEBUG := .build-debug
RELEASE := .build-release
# The engine must find a kernel for this CPU before OpenBLAS is loaded; see docs/training.md.
CORETYPE := $(shell scripts/openblas-coretype)
ifneq ($(CORETYPE),)
export OPENBLAS_CORETYPE ?= $(CORETYPE)
endif

.PHONY: demo test bench bench-training interop lint format install bootstrap models release clean

## The main job on real reviews, from raw export to a verified model. FAST=1: a subset.
demo: release models
	scripts/demo/run $(if $(FAST),--fast)

## All tests; ends with the test runner's counts.
test: bootstrap models
	$(SWIFT) build --build-tests --scratch-path $(DEBUG)
	$(SWIFT) test --skip-build --scratch-path $(DEBUG)

## Speed, side by side with the peers, in one run.
bench: release models
	Benchmarks/run
	Benchmarks/neardup.run
	Benchmarks/cleaning.run
	Benchmarks/pipeline/run

## Fine-tuning beside torch: the steps; WHOLE=1: whole runs; TASKS=1: real tasks. ARGS: of those.
bench-training: bootstrap models
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(RELEASE) --product training-speed
	Benchmarks/training/run $(if $(WHOLE),--whole)$(if $(TASKS),--tasks) $(ARGS)

## Our formats under other people's tools.
interop: release models
	scripts/interop/run

lint:
	scripts/lint

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

## Binaries and policies under PREFIX, runnable from anywhere.
install: release
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/tundish/policies $(DESTDIR)$(PREFIX)/share/tundish/schemas
	install -s -m 755 $(RELEASE)/release/tundish $(RELEASE)/release/tundish-reader $(RELEASE)/release/tundish-trainer $(DESTDIR)$(PREFIX)/bin/
	install -m 644 policies/*.yaml $(DESTDIR)$(PREFIX)/share/tundish/policies/
	install -m 644 schemas/*.json $(DESTDIR)$(PREFIX)/share/tundish/schemas/

bootstrap:
	scripts/bootstrap

models:
	scripts/fetch-models

release: bootstrap
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(RELEASE) --product tundish
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(RELEASE) --product tundish-reader
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(RELEASE) --product tundish-trainer

clean:
	rm -rf $(DEBUG) $(RELEASE)
