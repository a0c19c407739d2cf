.PHONY: demo test check lock audit eval weights folds reliability

demo: ## seeds/ -> output/
	python3 bootstrap.py build

test:
	python3 bootstrap.py test

check: ## format, lint, types, import contract, tests
	python3 bootstrap.py check

# The longest first, so that two at a time are done soonest.
CAMPAIGNS := \
	mutate \
	faults \
	canaries \
	growth \
	samebytes \
	year \
	stores \
	kill \
	poll \
	refused \
	quiet
LONG ?=

reliability: $(CAMPAIGNS:%=reliability-%) ## the campaigns of docs/reliability.md, in short; LONG=--long for all of each

reliability-%:
	python3 bootstrap.py run python bench/reliability/$*.py $(LONG)

DATA ?= $(firstword $(wildcard dev ../dev ../shared/dev ../../shared/dev) dev)

eval: ## quality on labelled data, against its floors
	python3 bootstrap.py run python tools/evaluate.py $(DATA)

WEIGHTS ?= build/weights
RUN := python3 bootstrap.py run python

weights: ## learn line roles anew, beside those that are used; needs the renderers that tools/make_captures.py names
	mkdir -p $(WEIGHTS)
	$(RUN) tools/make_captures.py $(DATA) $(WEIGHTS)/all.jsonl
	$(RUN) tools/learn_line_weights.py $(WEIGHTS)/all.jsonl 12 $(WEIGHTS)/line_weights.json

FOLDS := 0 1 2 3 4

folds: $(FOLDS:%=$(WEIGHTS)/%.json) ## judge how line roles are learned, by outlets that were not seen; minutes
	$(RUN) tools/judge_line_weights.py $(foreach fold,$(FOLDS),$(WEIGHTS)/$(fold).json $(WEIGHTS)/$(fold)-test.jsonl)

$(WEIGHTS)/%.json: tools/make_captures.py tools/learn_line_weights.py $(wildcard feeds/extract/*.py)
	mkdir -p $(WEIGHTS)
	$(RUN) tools/make_captures.py $(DATA) $(WEIGHTS)/$*-train.jsonl 600 $* train
	$(RUN) tools/make_captures.py $(DATA) $(WEIGHTS)/$*-test.jsonl 100 $* test
	$(RUN) tools/learn_line_weights.py $(WEIGHTS)/$*-train.jsonl 12 $@

lock: ## pin what is installed, with hashes; needs uv
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --group build -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --extra dask -c requirements-dev.lock -o requirements-dask.lock

audit: ## known vulnerabilities of what is pinned; needs pip-audit, and the network
	pip-audit --disable-pip --require-hashes -r requirements.lock -r requirements-dev.lock -r requirements-dask.lock
