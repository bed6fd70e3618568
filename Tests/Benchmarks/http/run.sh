#!/bin/sh
# Compares the server with hummingbird: a small JSON reply, 64 connections, interleaved rounds, wrk from Debian. Of `twin serve`
# it is /health through all layers, and a twin read with a token and from the database.
#   Tests/Benchmarks/http/run.sh [ROUNDS] [SECONDS]
# The peer is built once into $PEER (a folder of the temporary directory); SKIP_PEER=1 leaves it out.
set -eu
cd "$(dirname "$0")/../../.."
.ci/need-packages wrk jq
rounds=${1:-3}
seconds=${2:-5}
peer=${PEER:-${TMPDIR:-/tmp}/twin-benchmark-hummingbird}
twin=$(swift build -c release --static-swift-stdlib --show-bin-path)/twin
[ -x "$twin" ] || swift build -c release --static-swift-stdlib --product twin
urls=""
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
    urls="http://127.0.0.1:18090/fast/world"
fi
scratch=$(mktemp -d)
export TWIN_DB="$scratch/twin.db" TWIN_CONFIG="$scratch/config.json"
"$twin" twins create bench --json > "$scratch/twin.json"
"$twin" users add bench@example.org --no-password --quiet
token=$("$twin" token create --user bench@example.org)
"$twin" serve --port 18080 --log none > /dev/null 2>&1 &
server_pid=$!
trap 'kill $server_pid ${peer_pid:-} 2>/dev/null; rm -rf "$scratch"' EXIT
urls="$urls http://127.0.0.1:18080/health http://127.0.0.1:18080/twins/$(jq -r .id "$scratch/twin.json")"
sleep 1
round=0
while [ $round -lt "$rounds" ]; do
    for url in $urls; do
        printf '%s ' "$url"
        wrk -t2 -c64 -d"${seconds}s" -H "Authorization: Bearer $token" --latency "$url" | awk '/99%/ {p = $2} /Requests\/sec/ {r = $2} END {print r, "requests/s, p99", p}'
    done
    round=$((round + 1))
done
grep VmRSS "/proc/$server_pid/status"
