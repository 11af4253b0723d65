# screenlab - make | make demo | make check | make V=asan check | make threads | make cover | make lint
#             make fuzz-vcf T=60 | make bench | make conformance | make install        (V: release asan tsan cov)

V      ?= release
BUILD  ?= build
PREFIX ?= /usr/local
SHARED ?= ../shared
T      ?= 60
VERSION := 0.1.0

PACKAGES := libxml-2.0 sqlite3 zlib htslib libsodium
DEBIAN_BUILD := gcc libc6-dev make pkg-config libhts-dev libdeflate-dev libxml2-dev zlib1g-dev libsqlite3-dev \
                libsodium-dev libcsv-dev
DEBIAN_CHECK := libcriterion-dev sqlite3 libxml2-utils strace
DEBIAN_LINT  := clang-14 clang-format-14 clang-tidy-14 cppcheck libomp-14-dev gcovr
DEBIAN_BENCH := bcftools samtools tabix

CC        := gcc
OPT       := -O2 -g
WARN      := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
             -Wvla -Wwrite-strings -Wformat=2 -Wundef
HARDEN    := -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDHARDEN  := -pie -Wl,-z,relro,-z,now,-z,noexecstack
ifeq ($(V),asan)
OPT       := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined -Wno-format-truncation
HARDEN    := -fPIE
endif
ifeq ($(V),tsan)
CC        := clang-14
OPT       := -O1 -g -fsanitize=thread
HARDEN    := -fPIE
endif
ifeq ($(V),cov)
OPT       := -O0 -g --coverage
HARDEN    := -fPIE
endif

DIR     := $(BUILD)/$(V)
CFLAGS  += -std=c17 -D_POSIX_C_SOURCE=200809L -DSCREENLAB_VERSION='"$(VERSION)"' $(OPT) $(WARN) $(HARDEN) -fopenmp \
           -MMD -MP $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LDFLAGS += $(OPT) $(LDHARDEN) -fopenmp
LDLIBS  += $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lm

LAB      := $(wildcard lab/*.c lab/assays/*.c)
PIPELINE := $(filter-out pipeline/main.c,$(wildcard pipeline/*.c pipeline/readers/*.c))
REPORTS  := $(wildcard reports/*.c)
OURS     := $(LAB) $(PIPELINE) $(REPORTS)
OBJECTS  := $(OURS:%.c=$(DIR)/%.o)
PROGRAM  := $(DIR)/screenlab
TESTS    := $(patsubst tests/%.c,$(DIR)/tests/%,$(wildcard tests/test_*.c))
FUZZERS  := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
TOOLS    := $(patsubst tests/tools/%.c,$(DIR)/tools/%,$(wildcard tests/tools/*.c))

all: $(PROGRAM)

$(PROGRAM): $(DIR)/pipeline/main.o $(OBJECTS)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(DIR)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(DIR)/tests/test_%: tests/test_%.c $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Wno-conversion -Wno-pedantic -Wno-shadow -I. $(LDFLAGS) -o $@ $< $(OBJECTS) $(LDLIBS) -lcriterion

$(DIR)/tools/%: tests/tools/%.c $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -I. $(LDFLAGS) -o $@ $< $(OBJECTS) $(LDLIBS)

unit: $(TESTS)
	@for t in $(TESTS); do ASAN_OPTIONS=abort_on_error=1 timeout 300 $$t || exit 1; done

# libFuzzer, T seconds; found inputs are kept in $(BUILD)/fuzz and become cases of tests/fuzz/corpus by hand.
fuzz-%:
	@mkdir -p $(BUILD)/fuzz/$*
	clang-14 -std=c17 -D_POSIX_C_SOURCE=200809L -DSCREENLAB_VERSION='"$(VERSION)"' -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	    -fopenmp -I. $$(pkg-config --cflags $(PACKAGES)) -o $(BUILD)/fuzz/fuzz_$* tests/fuzz/fuzz_$*.c $(OURS) $(LDLIBS)
	$(BUILD)/fuzz/fuzz_$* -max_total_time=$(T) -rss_limit_mb=2048 -timeout=5 -print_final_stats=1 $(BUILD)/fuzz/$* tests/fuzz/corpus/$*

clean:
	rm -rf $(BUILD)

.PHONY: all unit clean
.SECONDARY:
-include $(wildcard $(DIR)/*/*.d $(DIR)/*/*/*.d)
