#!/usr/bin/env bash
# Fuzzes the parsers that take bytes from strangers and the readers of documents, with the libFuzzer of the Swift toolchain.
#
#   ./Tests/Fuzz/run.sh                  every target for 600 seconds
#   ./Tests/Fuzz/run.sh 60 json jwt      these targets for 60 seconds each; 0 only builds them
#
# Inputs that reached new code are kept in Tests/Fuzz/corpus, a folder a target; with FUZZ_KEEP=0 the corpus stays as it is. One
# that crashes is written there too, and the script ends with an error. As many targets as there are processors run at a time. With
# FUZZ_SEED, a number, each run begins in the same way. An input that takes longer than FUZZ_PATIENCE, in seconds (10), has failed.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(head chunked multipart json jwt query markdown html mail mbox jsondoc jsonl csv tsv srt vtt
    feed text org rst asciidoc latex rtf tar msg docx pptx xlsx epub odt zip gzip detect pages front podcast captions qna wire pandoc)
keep=${FUZZ_KEEP:-1}
# The runtime's own report of a crash would end the process before libFuzzer has kept the input.
export SWIFT_BACKTRACE=enable=no
# The seed of hash tables is part of what makes two runs alike.
[ -z "${FUZZ_SEED:-}" ] || export SWIFT_DETERMINISTIC_HASHING=1
# Bytes of a target's corpus that are kept, so that the repository stays small.
budget=6000

build=.build/fuzz
mkdir -p "$build"
.ci/need-packages libsqlite3-dev libcurl4-openssl-dev pkg-config
for source in CCurl/ccurl CLinux/clinux; do
    # The package manager would write these maps.
    module=${source%/*}
    mkdir -p "$build/$module"
    printf 'module %s { umbrella "%s" export * }\n' "$module" "$PWD/Sources/$module/include" > "$build/$module/module.modulemap"
    clang -O1 -c "Sources/$source.c" -I "Sources/${source%/*}/include" -o "$build/$(basename "$source").o"
done

# The leaf modules in their order, then the targets with what they reach of TwinKit itself.
flags=(-O -swift-version 6 -enable-upcoming-feature ExistentialAny -package-name twin -sanitize=fuzzer -parse-as-library
    -I "$build" -I "$build/CCurl" -I "$build/CLinux")
objects=()
stale=
for module in Support HTTP Readers; do
    object="$build/Twin$module.o"
    objects+=("$object")
    # What a module stands on is compiled into it.
    if [ -n "$stale" ] || [ ! -e "$object" ] || [ -n "$(find "Sources/TwinKit/$module" -name '*.swift' -newer "$object" -print -quit)" ]; then
        echo "== Building Twin$module with the fuzzer's instrumentation"
        stale=1
        # shellcheck disable=SC2046
        swiftc "${flags[@]}" -enable-testing -wmo -module-name "Twin$module" -emit-module -emit-module-path "$build/Twin$module.swiftmodule" \
            -emit-object -o "$object" $(find "Sources/TwinKit/$module" -name '*.swift' | sort)
    fi
done
echo "== Building the targets"
kit=Sources/TwinKit
sed 's/^@testable import TwinKit$//' Tests/TwinKitTests/Readers/Office/ZipBuilder.swift > "$build/ZipBuilder.swift"
swiftc "${flags[@]}" -wmo -module-name Fuzz Tests/Fuzz/Fuzz.swift Tests/Fuzz/FuzzReaders.swift "$build/ZipBuilder.swift" \
    "$kit/Ingest/Chunker.swift" "$kit/Ingest/SentenceBreaks.swift" "$kit/Owner/VerifiedAnswerFile.swift" \
    "${objects[@]}" "$build/ccurl.o" "$build/clinux.o" -ldl -o "$build/fuzz"

[ "$seconds" != 0 ] || exit 0
fuzz() { # TARGET
    local target=$1 corpus runs crash size bytes path
    corpus=Tests/Fuzz/corpus/$target
    mkdir -p "$corpus" "$build/found/$target"
    # New inputs go to the build folder; afterwards the few that matter are merged into the corpus.
    # Without a PATH no reader finds a program to hand its document to.
    FUZZ_TARGET=$target PATH='' "$build/fuzz" "$build/found/$target" "$corpus" -max_total_time="$seconds" -timeout="${FUZZ_PATIENCE:-10}" -max_len=4096 \
        -rss_limit_mb=2048 ${FUZZ_SEED:+"-seed=$FUZZ_SEED"} -artifact_prefix="$build/crash-$target-" -print_final_stats=1 > "$build/$target.log" 2>&1 || true
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log")
    echo "$target: ${runs:-0} inputs in $seconds s"
    crash=$(find "$build" -maxdepth 1 -name "crash-$target-*" -print -quit)
    if [ -n "$crash" ] || [ -z "$runs" ]; then
        grep -E "ERROR|SUMMARY|found:|Fatal error" "$build/$target.log" >&2 || tail -5 "$build/$target.log" >&2
        [ -z "$crash" ] || mv "$build"/crash-"$target"-* "$corpus/"
        echo "error: $target failed; the input is in $corpus" >&2
        return 1
    fi
    [ "$keep" = 1 ] || return 0
    rm -rf "$build/merged/$target"
    mkdir -p "$build/merged/$target"
    FUZZ_TARGET=$target PATH='' "$build/fuzz" -merge=1 "$build/merged/$target" "$corpus" "$build/found/$target" > /dev/null 2>&1
    size=$(cat "$corpus"/* 2>/dev/null | wc -c)
    # The smallest first: they say most for their bytes.
    while read -r bytes path; do
        [ -e "$corpus/$(basename "$path")" ] && continue
        [ $((size + bytes)) -le "$budget" ] || break
        cp "$path" "$corpus/"
        size=$((size + bytes))
    done < <(find "$build/merged/$target" -type f -printf '%s %p\n' | sort -n)
}

failed=0
running=0
for target in "${targets[@]}"; do
    if [ "$running" -ge "$(nproc)" ]; then
        wait -n || failed=1
        running=$((running - 1))
    fi
    [ "$failed" = 0 ] || break
    fuzz "$target" &
    running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
done
[ "$failed" = 0 ] || exit 1
echo "== No crash, no hang"
