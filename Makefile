# screenlab. One reads it in two minutes:
#   make | make demo | make check | make V=asan check | make lint | make threads | make cover | make fuzz-vcf T=60
#   make bench | make conformance | make crash | make noninterference | make install | make analyze
#   make prove-crash POINTS=200 | make prove-input T=60 | make prove-mutants MUTANTS=300
#           V = release asan tsan cov fuzz (mutant mutcov: for prove-mutants)

# What make does is one line a file; `make Q=` shows the whole commands.
Q       ?= @
# As many jobs as processors, unless the caller says how many.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
V       ?= release
BUILD   ?= build
PREFIX  ?= /usr/local
SHARED  ?= ../shared
T       ?= 60
POINTS  ?= all
MUTANTS ?= 300
SEED    ?= 1
FUZZ_SEED ?= 0
VERSION := 0.1.0

PACKAGES := libxml-2.0 sqlite3 zlib htslib libsodium libcrypto lapacke libseccomp xmlsec1-openssl
APT_BUILD := gcc libc6-dev make pkg-config libhts-dev libdeflate-dev libxml2-dev zlib1g-dev libsqlite3-dev \
             libsodium-dev libssl-dev libcsv-dev liblapacke-dev libseccomp-dev libxmlsec1-dev libxmlsec1-openssl
APT_CHECK := $(APT_BUILD) libcriterion-dev sqlite3 libxml2-utils procps xmlsec1 bcftools tabix
APT_CONFORMANCE := $(APT_CHECK) bcftools
APT_LINT  := $(APT_CHECK) clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev cppcheck libomp-14-dev gcovr
APT_PROVE := $(APT_CHECK) strace util-linux bsdutils binutils bcftools tabix valgrind clang-14 libclang-rt-14-dev
APT_BENCH := $(APT_BUILD) bcftools tabix sqlite3 time samtools python3-pysam r-cran-seqinr

CC       := gcc
OPTIMISE := -O2 -g
HARDEN   := -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wvla -Wwrite-strings -Wformat=2 -Wundef -Werror
ifeq ($(V),asan)
OPTIMISE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS   += -DSCREENLAB_UNCONFINED
HARDEN   := -fPIE
WARN     += -Wno-format-truncation
endif
ifeq ($(V),tsan)
CC       := clang-14
OPTIMISE := -O1 -g -fsanitize=thread
CFLAGS   += -DSCREENLAB_UNCONFINED
HARDEN   := -fPIE
endif
ifeq ($(V),fuzz)
CC       := clang-14
OPTIMISE := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
CFLAGS   += -DSCREENLAB_UNCONFINED
HARDEN   := -fPIE
endif
ifeq ($(V),cov)
OPTIMISE := -O0 -g --coverage
CFLAGS   += -DSCREENLAB_UNCONFINED
HARDEN   := -fPIE
endif

# What tests/mutate.sh needs: everything as one library, without line numbers, and the same with lab/ counted by gcov.
ifneq ($(filter mutant mutcov,$(V)),)
OPTIMISE := -O1
CFLAGS   += -DSCREENLAB_UNCONFINED $(if $(filter mutant,$(V)),-DARENA_WATCHED)
HARDEN   := -fPIC
endif

DIR     := $(BUILD)/$(V)
CFLAGS  += -std=c17 -D_POSIX_C_SOURCE=200809L -DSCREENLAB_VERSION='"$(VERSION)"' \
           -DSCREENLAB_SHARE='"$(PREFIX)/share/screenlab/reference"' $(OPTIMISE) $(WARN) $(HARDEN) -fopenmp -MMD -MP \
           $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LDFLAGS += $(OPTIMISE) -fopenmp -pie -Wl,-z,relro,-z,now,-z,noexecstack
LDLIBS  += $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lm

OURS    := $(filter-out pipeline/main.c,$(wildcard lab/*.c lab/assays/*.c pipeline/*.c pipeline/readers/*.c pipeline/strip/*.c reports/*.c))
OBJECTS := $(OURS:%.c=$(DIR)/%.o)
PROGRAM := $(DIR)/screenlab
TESTS   := $(patsubst tests/%.c,$(DIR)/tests/%,$(wildcard tests/test_*.c))
TOOLS   := $(patsubst tests/tools/%.c,$(DIR)/tools/%,$(wildcard tests/tools/*.c))
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(FUZZERS:%=$(DIR)/fuzz/replay_%)

all: $(PROGRAM)

$(PROGRAM): $(DIR)/pipeline/main.o $(OBJECTS)
	@echo "  link $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(DIR)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  cc   $<"
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

# Criterion's macros are not clean under the strict warnings; the tests' own code is.
$(DIR)/tests/test_%: tests/test_%.c $(OBJECTS)
	@mkdir -p $(@D)
	@echo "  test $@"
	$(Q)$(CC) $(CFLAGS) -Wno-conversion -Wno-pedantic -Wno-shadow -Wno-format-truncation -I. $(LDFLAGS) -o $@ $< $(OBJECTS) $(LDLIBS) -lcriterion

$(DIR)/tools/%: tests/tools/%.c $(OBJECTS)
	@mkdir -p $(@D)
	@echo "  test $@"
	$(Q)$(CC) $(CFLAGS) -I. $(LDFLAGS) -o $@ $< $(OBJECTS) $(LDLIBS)

$(DIR)/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(wildcard tests/*.h tests/fuzz/*.h) $(OBJECTS)
	@mkdir -p $(@D)
	@echo "  test $@"
	$(Q)$(CC) $(CFLAGS) -Wno-missing-prototypes -I. $(LDFLAGS) -o $@ tests/fuzz/fuzz_$*.c tests/fuzz/replay.c $(OBJECTS) $(LDLIBS)

# Loaded before the others by tests/faults.sh: one call of the program fails.
$(DIR)/crash/fault.so: tests/crash/fault.c Makefile
	@mkdir -p $(@D)
	@echo "  test $@"
	$(Q)gcc -std=c17 -O2 -Wall -Wextra -Werror -fPIC -shared -o $@ $<

ifeq ($(V),mutcov)
$(DIR)/lab/%.o: CFLAGS += --coverage
endif

$(DIR)/libours.so: $(OBJECTS)
	@echo "  link $@"
	$(Q)$(CC) -shared -fopenmp $(if $(filter mutcov,$(V)),--coverage) -o $@ $^ $(LDLIBS)

LINKED := -L$(DIR) -lours -Wl,-rpath,$(abspath $(DIR)) -Wl,--enable-new-dtags -fopenmp $(LDLIBS)

$(DIR)/linked/screenlab: pipeline/main.c $(DIR)/libours.so
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -o $@ $< $(LINKED)

$(DIR)/linked/test_%: tests/test_%.c $(DIR)/libours.so
	@mkdir -p $(@D)
	@echo "  test $@"
	$(Q)$(CC) $(CFLAGS) -w -I. -o $@ $< $(LINKED) -lcriterion

# ---- what users type ----

demo: apt-build
	@$(MAKE) --no-print-directory $(PROGRAM)
	@sh tests/demo/run.sh $(PROGRAM) $(BUILD)/demo

check: apt-check
	@$(MAKE) --no-print-directory all-of-check

# Parts that share no file run beside each other, each with its output in one piece; kills are timed, so they come last and alone.
all-of-check: check-built
	@$(MAKE) --no-print-directory --output-sync=target check-parts
	sh tests/crash.sh $(PROGRAM) 10
	sh tests/crash_send.sh $(PROGRAM) 6
	sh tests/crash_release.sh $(PROGRAM) 8
	sh tests/crash_disclose.sh $(PROGRAM) 5

check-built: $(PROGRAM) $(DIR)/crash/fault.so $(DIR)/tools/simulate_nipt $(DIR)/tools/simulate_abif $(DIR)/tools/simulate_traces $(TESTS) $(REPLAYS)

# The longest first.
TWINS  := twins twins-nipt twins-care twins-messages twins-release twins-disclose twins-dosage twins-qfpcr twins-serum twins-strip
UNITS  := $(TESTS:%=%.run)
GOLDEN := $(patsubst tests/cases/%/cmd,golden-%,$(wildcard tests/cases/*/cmd))
check-parts: $(TWINS) $(GOLDEN) unit replay
unit: $(UNITS)
replay: $(REPLAYS:%=%.run)

twins:          ; sh tests/noninterference.sh $(PROGRAM)
twins-nipt:     ; sh tests/noninterference_nipt.sh $(DIR) 6 0
twins-care:     ; sh tests/noninterference_care.sh $(PROGRAM)
twins-messages: ; sh tests/noninterference_messages.sh $(PROGRAM) 10
twins-release:  ; PAPERS=8 sh tests/noninterference_release.sh $(PROGRAM)
twins-disclose: ; CASES_OF="601 602 604 607" sh tests/noninterference_disclose.sh $(PROGRAM)
twins-dosage:   ; sh tests/noninterference_dosage.sh $(DIR) 6
twins-qfpcr:    ; sh tests/noninterference_qfpcr.sh $(DIR) 6
twins-serum:    ; sh tests/noninterference_serum.sh $(PROGRAM)
twins-strip:    ; sh tests/strip.sh $(PROGRAM) $(DIR)/tools/simulate_nipt $(DIR)/tools/simulate_abif
$(GOLDEN): golden-%: ; @sh tests/golden.sh $(PROGRAM) $*

# A leak does not fail a Criterion test by itself: the sanitizer's own log decides.
$(UNITS): %.run: %
	@rm -f $<.log.*
	@ASAN_OPTIONS=log_path=$(CURDIR)/$<.log timeout 600 $<
	@if ls $<.log.* 2>/dev/null; then cat $<.log.*; exit 1; fi

$(REPLAYS:%=%.run): $(DIR)/fuzz/replay_%.run: $(DIR)/fuzz/replay_%
	@timeout 600 $< tests/fuzz/corpus/$*

crash: $(PROGRAM)
	sh tests/crash.sh $(PROGRAM) 200
	sh tests/crash_send.sh $(PROGRAM) 200
	sh tests/crash_release.sh $(PROGRAM) 200
	sh tests/crash_disclose.sh $(PROGRAM) 100

# Every call of the operating system struck in turn; POINTS=200 draws so many (CI).
prove-crash: apt-prove
	@$(MAKE) --no-print-directory $(PROGRAM) $(DIR)/crash/fault.so
	sh tests/together.sh $(PROGRAM)
	sh tests/faults.sh $(DIR) $(POINTS)

noninterference: $(PROGRAM) $(DIR)/tools/simulate_nipt $(DIR)/tools/simulate_abif
	sh tests/noninterference.sh $(PROGRAM) all
	sh tests/noninterference_nipt.sh $(DIR) 190 10
	sh tests/noninterference_panel.sh $(DIR) 31
	sh tests/noninterference_qfpcr.sh $(DIR) 200
	sh tests/noninterference_serum.sh $(PROGRAM)
	sh tests/noninterference_care.sh $(PROGRAM)
	LEAK=1 sh tests/noninterference_release.sh $(PROGRAM)
	sh tests/noninterference_disclose.sh $(PROGRAM)
	@$(MAKE) --no-print-directory $(DIR)/tools/simulate_traces
	sh tests/noninterference_dosage.sh $(DIR) 200

# What strangers send: hardening, confinement, limits, each reader fuzzed for T seconds, and how much of it its corpus reaches.
prove-input: apt-lint
	@$(MAKE) --no-print-directory apt-prove
	@$(MAKE) --no-print-directory $(PROGRAM) $(DIR)/crash/fault.so
	sh tests/hardening.sh $(PROGRAM)
	sh tests/sandbox.sh $(DIR)
	sh tests/limits.sh $(PROGRAM) $(LIMITS)
	@for x in $(FUZZERS); do $(MAKE) --no-print-directory fuzz-$$x T=$(T) || exit 1; done
	@$(MAKE) --no-print-directory V=cov $(FUZZERS:%=$(BUILD)/cov/fuzz/replay_%)
	sh tests/reader_cover.sh $(BUILD)/cov

# Mistakes planted in lab/: MUTANTS=all plants every one (hours), SEED draws others.
prove-mutants: apt-check
	@$(MAKE) --no-print-directory V=mutcov $(BUILD)/mutcov/libours.so
	@$(MAKE) --no-print-directory V=mutant prove-mutants-linked

prove-mutants-linked: $(DIR)/linked/screenlab $(patsubst tests/%.c,$(DIR)/linked/%,$(wildcard tests/test_*.c))
	sh tests/mutate.sh $(DIR) $(BUILD)/mutcov $(MUTANTS) $(SEED) -- $(CFLAGS)

# Pairs that differ in the fetus's sex only, leaks planted on purpose, and the flow of marked bytes. The long size: make prove-sex PAIRS=2000 BAMS=50 (hours).
PAIRS ?= 200
BAMS  ?= 2
prove-sex: prove-sex-pairs
	sh tests/leaks.sh $(PROGRAM)
	sh tests/taint.sh $(DIR) 6
	sh tests/dfsan.sh $(DIR) 6

prove-sex-pairs: apt-prove
	@$(MAKE) --no-print-directory $(PROGRAM) $(DIR)/tools/simulate_nipt $(DIR)/tools/simulate_abif $(DIR)/tools/simulate_traces
	sh tests/prove_sex.sh $(DIR) $(PAIRS) $(BAMS)

threads: apt-lint
	@$(MAKE) --no-print-directory $(PROGRAM)
	@$(MAKE) --no-print-directory V=tsan BUILD=$(BUILD) $(BUILD)/tsan/screenlab
	sh tests/threads.sh $(PROGRAM) $(BUILD)/tsan/screenlab

lint: apt-lint
	@$(MAKE) --no-print-directory $(PROGRAM)
	sh tests/hardening.sh $(PROGRAM)
	sh tests/architecture.sh
	clang-format-14 --dry-run --Werror $$(git ls-files '*.c' '*.h')
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	    --suppress=missingIncludeSystem --suppress=varFuncNullUB lab pipeline reports
	@sh tests/tidy.sh $(OURS) pipeline/main.c -- -std=c17 -D_POSIX_C_SOURCE=200809L -DSCREENLAB_VERSION='""' \
	    -DSCREENLAB_SHARE='""' -fopenmp $$(pkg-config --cflags $(PACKAGES))

# lab/ and reports/ must reach 95 % of lines and 85 % of branches; pipeline/ is told.
cover: apt-lint
	@$(MAKE) --no-print-directory V=cov all-of-check
	sh tests/cover.sh $(BUILD)/cov 95 85

# gcc's own analyser, slow and for C alone; cppcheck and clang-tidy are part of lint. Exceptions stand in tests/analyze.sh with their reasons.
analyze: apt-lint
	sh tests/analyze.sh $(OURS) pipeline/main.c -- $(CFLAGS)

# libFuzzer for T seconds (FUZZ_SEED=0: another walk each time); what it finds stays in $(BUILD)/fuzz, and becomes a case of tests/fuzz/corpus by hand.
fuzz-%: apt-lint
	@$(MAKE) --no-print-directory V=fuzz $(BUILD)/fuzz/fuzz_$*
	@mkdir -p $(BUILD)/fuzz/found/$*
	$(BUILD)/fuzz/fuzz_$* -max_total_time=$(T) -seed=$(FUZZ_SEED) -rss_limit_mb=2048 -timeout=5 -print_final_stats=1 \
	    -artifact_prefix=$(BUILD)/fuzz/ $(BUILD)/fuzz/found/$* tests/fuzz/corpus/$*

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(OBJECTS)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Wno-missing-prototypes -DFUZZ_MUTATE -fsanitize=fuzzer -I. $(LDFLAGS) -o $@ $< $(OBJECTS) $(LDLIBS)

bench: apt-bench
	@$(MAKE) --no-print-directory $(PROGRAM) tools
	sh tests/bench/vcf.sh $(DIR)
	sh tests/bench/ledger.sh $(DIR)
	sh tests/bench/threads.sh $(DIR)
	sh tests/bench/nipt.sh $(DIR)
	sh tests/bench/serum.sh $(DIR)
	sh tests/bench/abif.sh $(DIR)
	sh tests/bench/sandbox.sh $(DIR)

tools: $(TOOLS)

# A year of a city, whole: hours and some 10 GB; CITY=50 is a fiftieth.
CITY ?= 1
city: apt-check
	@$(MAKE) --no-print-directory $(PROGRAM) $(DIR)/tools/simulate_city $(DIR)/tools/timed
	sh tests/city.sh $(DIR) $(CITY)

# Real files of instruments and peers; they are not ours to ship, so the folder may be absent: then it says so.
conformance: apt-conformance
	@$(MAKE) --no-print-directory $(PROGRAM) tools
	@for t in tests/conformance/*.sh; do SHARED="$(SHARED)" sh $$t $(DIR) || exit 1; done

# Accuracy against published figures and known truth; minutes, not part of check.
validate: apt-build
	@$(MAKE) --no-print-directory $(PROGRAM) tools
	@for t in tests/validate/*.sh; do echo "== $$t"; sh $$t $(DIR) || exit 1; done

install: $(PROGRAM)
	install -D $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/screenlab
	install -D -m 644 docs/screenlab.1 $(DESTDIR)$(PREFIX)/share/man/man1/screenlab.1
	cd reference && find . -type f -exec install -D -m 644 {} $(abspath $(DESTDIR)$(PREFIX))/share/screenlab/reference/{} \;

clean:
	rm -rf $(BUILD)

# Installs what is missing, and only then: no root and no network is needed once everything is there.
apt-build apt-check apt-conformance apt-lint apt-bench apt-prove: apt-%:
	@sh tests/install.sh $(APT_$(shell echo $* | tr a-z A-Z))

.PHONY: all demo check all-of-check unit replay crash noninterference threads lint cover bench tools conformance validate city install clean \
        apt-build apt-check apt-conformance apt-lint apt-bench
.PHONY: check-built check-parts $(TWINS) $(GOLDEN) $(UNITS) $(REPLAYS:%=%.run)
.PHONY: apt-prove prove-sex prove-sex-pairs prove-crash prove-input prove-mutants prove-mutants-linked analyze
.SECONDARY:
-include $(wildcard $(DIR)/*/*.d $(DIR)/*/*/*.d)
