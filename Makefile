# writ: build, test, demo. Everything else is a go test or a subcommand.
GO      ?= go
BIN     ?= bin/writ
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  = -s -w -X github.com/writ-policy/writ/cmd/internal/cli.Version=$(VERSION)

.PHONY: all build man test conftest-suite demo oracles update bench bench-scan bench-listeners bench-logs churn-listeners fuzz kernel-fuzz kernel-mutants cover lint clean logrotate-oracle logrotate-simulation

all: build test

build:
	@mkdir -p $(dir $(BIN))
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/writ

# Manual pages and completion scripts, beside the binary, for a package.
man: build
	$(BIN) man --dir $(dir $(BIN))man1
	@mkdir -p $(dir $(BIN))completions
	@for shell in bash zsh fish powershell; do $(BIN) completion $$shell > $(dir $(BIN))completions/writ.$$shell; done

# Vet and every test: unit, golden, scripts, corpora, examples, layout.
test:
	$(GO) vet ./...
	$(GO) test ./...

# conftest's own acceptance suite against this program. CONFTEST is a checkout of it;
# nothing is fetched. testdata/conftest/suite.txt lists what does not pass, and why.
conftest-suite: build
	@test -n "$(CONFTEST)" || { echo "make conftest-suite CONFTEST=<checkout of open-policy-agent/conftest>"; exit 2; }
	sh testdata/conftest/suite.sh $(BIN) $(CONFTEST)

# Check the example and explain the exit status. Fails only if writ did not
# answer as examples/shop/README.md documents.
demo: build
	@sh examples/shop/demo.sh $(BIN)

# Debian's programs that tests ask for the truth; no daemon is started.
oracles:
	sh testdata/oracles.sh

# Rewrite golden files and generated documents; read the difference before you
# commit it.
update:
	$(GO) test ./policies ./engine/... ./collectors/... ./cmd/... -update

# Speed against conftest, as ratios of one run.
bench:
	$(GO) run ./testdata/bench/compare

# Speed of the inventory of listeners against ss and lsof. Needs root.
bench-listeners:
	$(GO) run ./testdata/bench/listeners

# What is seen of a host's 10,000 log files against logrotate -d and find.
bench-logs:
	$(GO) run ./testdata/bench/logs

# Listeners that stay are found while 20,000 others come and go; takes minutes.
churn-listeners:
	WRIT_CHURN=20000 $(GO) test -count=1 -v -run TestChurn ./collectors/source/socket

# Port scan and identification against nmap (needs root, ip and nmap).
bench-scan:
	$(GO) run ./testdata/bench/scan

# Each fuzz target for FUZZTIME.
FUZZTIME ?= 60s
fuzz:
	$(GO) run ./testdata/fuzz -time $(FUZZTIME)

# Random rulesets and packets, of which the kernel is asked in namespaces of its own;
# wrong answers are shrunk and kept in testdata/corpus/kernel. It says from which SEED
# to go on.
CASES ?= 100000
SEED  ?= 0
LABS  ?= 2
kernel-fuzz:
	$(GO) test ./collectors/firewall -run '^TestKernel$$' -v -timeout 0 -kernel.cases $(CASES) -kernel.seed $(SEED) -kernel.labs $(LABS) -kernel.keep

# Mistakes planted in readers and evaluator, and after how many cases the kernel
# contradicts each. MUTANT is a pattern of their names.
MUTANT ?= .
kernel-mutants:
	$(GO) test ./collectors/firewall -run '^TestKernelMutants$$' -v -timeout 0 -kernel.mutants '$(MUTANT)'

cover:
	$(GO) test -coverprofile=cover.out -coverpkg=./... ./...
	$(GO) tool cover -func=cover.out | tail -n 1

lint:
	@test -z "$$(gofmt -l cmd engine collectors policies testdata)" || { gofmt -l cmd engine collectors policies testdata; exit 1; }
	$(GO) vet ./...

clean:
	rm -rf bin cover.out

# What logrotate says of random configurations, and what it does under a moving clock,
# against what is read of them; takes minutes. go test does a part of both.
logrotate-oracle:
	WRIT_LOGROTATE_CASES=4000 $(GO) test -count=1 -v -run 'TestOracle$$' ./collectors/source/logrotate

logrotate-simulation:
	WRIT_LOGROTATE_SIMULATION=64 $(GO) test -count=1 -v -timeout 60m -run 'TestSimulation$$' ./collectors/source/logrotate
