.PHONY: demo test check lock audit eval weights same-weights corpus examples folds reliability

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

RUN := python3 bootstrap.py run python
EXAMPLES := tools/data/line_roles.xz
FOLDS := 0 1 2 3 4

weights: ## learn the roles of lines anew from the examples in the repository: the same bytes; minutes
	$(RUN) tools/learn_line_roles.py $(EXAMPLES) feeds/data/line_roles.npz

same-weights: ## the weights that are shipped are those that the examples give, byte for byte; minutes
	mkdir -p build
	$(RUN) tools/learn_line_roles.py $(EXAMPLES) build/line_roles.npz
	cmp build/line_roles.npz feeds/data/line_roles.npz

corpus: ## score what is read of tests/corpus, and hold its floors
	$(RUN) tools/score_corpus.py

examples: ## make the examples anew from labelled captures and pages; needs the renderers that the tool names
	$(RUN) tools/make_line_data.py $(DATA) $(EXAMPLES)

folds: $(FOLDS:%=build/folds/%.npz) ## judge how the roles of lines are learned, by hosts that were not seen; half an hour
	$(RUN) tools/judge_line_roles.py $(DATA) build/folds

build/folds/%.npz: tools/make_line_data.py tools/learn_line_roles.py
	mkdir -p build/folds
	$(RUN) tools/make_line_data.py $(DATA) build/folds/$*.xz --fold $*
	$(RUN) tools/learn_line_roles.py build/folds/$*.xz $@

lock: ## pin what is installed, with hashes; needs uv
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --group build -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml --extra dask -c requirements-dev.lock -o requirements-dask.lock

audit: ## known vulnerabilities of what is pinned; needs pip-audit, and the network
	pip-audit --disable-pip --require-hashes -r requirements.lock -r requirements-dev.lock -r requirements-dask.lock
