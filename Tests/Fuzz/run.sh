#!/usr/bin/env bash
# Fuzzes the parsers that take bytes from strangers, with the libFuzzer that comes with the Swift toolchain.
#
#   ./Tests/Fuzz/run.sh                  every target for 600 seconds
#   ./Tests/Fuzz/run.sh 60 json jwt      these targets for 60 seconds each
#
# Inputs that reached new code are kept in Tests/Fuzz/corpus, a folder a target; one that crashes is written there too, and
# the script ends with an error.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(head chunked multipart json jwt query)

build=.build/fuzz
mkdir -p "$build"
.ci/need-packages libsqlite3-dev pkg-config
echo "== Building with the fuzzer's instrumentation"
for source in CCurl/ccurl CLinux/clinux; do
    # The package manager would write these maps.
    module=${source%/*}
    mkdir -p "$build/$module"
    printf 'module %s { umbrella "%s" export * }\n' "$module" "$PWD/Sources/$module/include" > "$build/$module/module.modulemap"
    clang -O1 -c "Sources/$source.c" -I "Sources/${source%/*}/include" -o "$build/$(basename "$source").o"
done
# These two folders know nothing of the others, and hold everything that reads what strangers send.
# shellcheck disable=SC2046
swiftc -O -swift-version 6 -enable-upcoming-feature ExistentialAny -parse-as-library -module-name TwinKit -sanitize=fuzzer \
    -I Sources/CSQLite -I "$build/CCurl" -I "$build/CLinux" \
    $(pkg-config --cflags sqlite3 | sed 's/-I/-Xcc -I/g') \
    $(find Sources/TwinKit/Support Sources/TwinKit/HTTP -name '*.swift') Tests/Fuzz/Fuzz.swift "$build/ccurl.o" "$build/clinux.o" -lsqlite3 -ldl -o "$build/fuzz"

for target in "${targets[@]}"; do
    corpus=Tests/Fuzz/corpus/$target
    mkdir -p "$corpus" "$build/$target"
    echo "== $target, $seconds s"
    # New inputs go to the build folder; afterwards the few that matter are merged into the corpus.
    FUZZ_TARGET=$target "$build/fuzz" "$build/$target" "$corpus" -max_total_time="$seconds" -timeout=10 -max_len=4096 \
        -rss_limit_mb=2048 -artifact_prefix="$corpus/crash-" -print_final_stats=1 2>&1 | grep -E "stat::|ERROR|SUMMARY|found:" || true
    if compgen -G "$corpus/crash-*" > /dev/null; then
        echo "error: $target crashed; the input is in $corpus" >&2
        exit 1
    fi
    FUZZ_TARGET=$target "$build/fuzz" -merge=1 "$corpus" "$build/$target" > /dev/null 2>&1
done
echo "== No crash, no hang"
