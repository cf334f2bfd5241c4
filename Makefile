# The four commands that others rely on. Each installs what it misses and is quick when nothing is missing.
.PHONY: help build demo test bench bench-runtime bench-outbound bench-docs format lint tsan gcc clean
JOBS ?= $(shell nproc)

help:
	@echo "make build   build/release/bin/polyd and build/release/bin/poly"
	@echo "make demo    a real integration, end to end (ARGS=--once ends after the proof)"
	@echo "make test    unit tests and scenarios under sanitizers"
	@echo "make bench   ratios against peers, measured in one run"
	@echo "make bench-runtime | bench-outbound   server functions, API functions in depth"
	@echo "make bench-docs   the figures into docs/benchmarks.md"
	@echo "make format | lint | gcc | tsan | clean"

build:
	@scripts/install-tools.sh
	@cmake --preset release >build-release.log 2>&1 || (cat build-release.log; exit 1)
	@rm -f build-release.log
	ninja -C build/release -j $(JOBS) polyd poly

demo: build
	@/usr/bin/python3 examples/crm-to-marketing/demo.py $(ARGS)

test:
	@scripts/run-tests.sh $(ARGS)

bench: SUITE = general
bench-runtime: SUITE = runtime
bench-outbound: SUITE = outbound
bench bench-runtime bench-outbound: build
	@scripts/install-tools.sh bench
	@bench/peers/install.sh
	@/usr/bin/python3 bench/run.py --suite $(SUITE) $(ARGS)

bench-docs:
	@/usr/bin/python3 bench/write_docs.py

gcc tsan:
	@scripts/install-tools.sh test gcc
	cmake --preset $@
	ninja -C build/$@ -j $(JOBS)
	ctest --test-dir build/$@ --output-on-failure

format:
	@scripts/install-tools.sh lint
	@git ls-files 'src/*.cpp' 'src/*.hpp' | xargs clang-format-19 -i

lint:
	@scripts/install-tools.sh test lint
	cmake --preset tidy
	ninja -C build/tidy -j $(JOBS)

clean:
	rm -rf build
