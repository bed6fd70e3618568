#!/bin/sh
# Compares the server with hummingbird: the same small JSON reply, 64 connections, interleaved rounds, wrk from Debian.
#   Tests/Benchmarks/http/run.sh [ROUNDS] [SECONDS]
# The peer is built once into $PEER (a folder of the temporary directory); SKIP_PEER=1 leaves it out.
set -eu
rounds=${1:-3}
seconds=${2:-5}
peer=${PEER:-${TMPDIR:-/tmp}/twin-benchmark-hummingbird}
benchmark=$(swift build -c release --show-bin-path)/twin-benchmark
[ -x "$benchmark" ] || swift build -c release --product twin-benchmark
urls="http://127.0.0.1:18080/fast/world http://127.0.0.1:18080/worker/world"
if [ -z "${SKIP_PEER:-}" ]; then
    if [ ! -x "$peer/.build/release/peer" ]; then
        mkdir -p "$peer/Sources/peer"
        cat > "$peer/Package.swift" <<'END'
// swift-tools-version: 6.0
import PackageDescription
let package = Package(
    name: "peer", platforms: [.macOS(.v14)],
    dependencies: [.package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1")],
    targets: [.executableTarget(name: "peer", dependencies: [.product(name: "Hummingbird", package: "hummingbird")])])
END
        cat > "$peer/Sources/peer/main.swift" <<'END'
import Hummingbird
import Logging
struct Reply: ResponseEncodable { var message: String; var count: Int; var ok: Bool }
var logger = Logger(label: "peer")
logger.logLevel = .error
let router = Router()
router.get("/fast/:name") { _, context in
    Reply(message: "Hello, \(try context.parameters.require("name"))!", count: 3, ok: true)
}
let app = Application(
    router: router, configuration: .init(address: .hostname("127.0.0.1", port: 18090)), logger: logger)
try await app.runService()
END
        (cd "$peer" && swift build -c release)
    fi
    "$peer/.build/release/peer" > /dev/null 2>&1 &
    peer_pid=$!
    urls="http://127.0.0.1:18090/fast/world $urls"
fi
sleep 3600 | "$benchmark" http serve 18080 > /dev/null &
server_pid=$!
trap 'kill $server_pid ${peer_pid:-} 2>/dev/null' EXIT
sleep 1
round=0
while [ $round -lt "$rounds" ]; do
    for url in $urls; do
        printf '%s ' "$url"
        wrk -t2 -c64 -d"${seconds}s" --latency "$url" | awk '/99%/ {p = $2} /Requests\/sec/ {r = $2} END {print r, "requests/s, p99", p}'
    done
    round=$((round + 1))
done
grep VmRSS "/proc/$server_pid/status"
