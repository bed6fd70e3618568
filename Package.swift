// swift-tools-version: 6.0
import PackageDescription

// Release builds link the Swift runtime statically; libraries found at run time (libcurl, libcrypto, zlib) are opened
// on first use, because linking libcurl alone brings 30 shared objects and 8 ms of start-up to every command.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]

let package = Package(
    name: "twin",
    products: [
        .executable(name: "twin", targets: ["twin"]),
        .library(name: "TwinKit", targets: ["TwinKit"]),
    ],
    targets: [
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CLinux"),
        .target(name: "TwinKit", dependencies: ["CSQLite", "CCurl", "CLinux"], swiftSettings: strict),
        .executableTarget(name: "twin", dependencies: ["TwinKit"], swiftSettings: strict),
        .executableTarget(
            name: "twin-benchmark", dependencies: ["TwinKit"], path: "Tests/Benchmarks",
            exclude: ["README.md", "apply.sh", "ingest.sh", "kill.sh", "metrics.sh", "search/tantivy_peer.py", "search/run.sh", "http/run.sh", "http/soak.py", "http/chat.sh"],
            swiftSettings: strict),
        .testTarget(name: "TwinKitTests", dependencies: ["TwinKit", "TestSupport"], swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "TwinCommandLineTests", dependencies: ["twin", "TwinKit", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["TwinKit", "twin", "TestSupport"], exclude: ["Contract"], swiftSettings: strict),
    ]
)
