// swift-tools-version: 6.0
import PackageDescription

// Release builds link the Swift runtime statically; libraries found at run time (libcurl, libcrypto, zlib) are opened
// on first use, because linking libcurl alone brings 30 shared objects and 8 ms of start-up to every command.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]

let leaves: [Target.Dependency] = ["TwinSupport", "TwinDatabase", "TwinHTTP", "TwinReaders", "TwinSearch", "TwinKnowledge"]

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
        // What browsers are given, compiled into the program as it is.
        .target(name: "CPages", exclude: ["pages"]),
        // Leaves of the house, in their order. What is above them is TwinKit, where a test keeps the order (ARCHITECTURE.md).
        .target(name: "TwinSupport", dependencies: ["CLinux"], path: "Sources/TwinKit/Support", swiftSettings: strict),
        .target(
            name: "TwinDatabase", dependencies: ["CSQLite", "TwinSupport"], path: "Sources/TwinKit/Database",
            swiftSettings: strict),
        .target(
            name: "TwinHTTP", dependencies: ["CCurl", "CLinux", "TwinSupport"], path: "Sources/TwinKit/HTTP",
            swiftSettings: strict),
        .target(name: "TwinReaders", dependencies: ["TwinSupport"], path: "Sources/TwinKit/Readers", swiftSettings: strict),
        .target(
            name: "TwinSearch", dependencies: ["TwinDatabase", "TwinSupport"], path: "Sources/TwinKit/Search",
            swiftSettings: strict),
        .target(name: "TwinKnowledge", path: "Sources/TwinKit/Knowledge", swiftSettings: strict),
        .target(
            name: "TwinKit", dependencies: leaves + ["CPages"],
            exclude: ["Support", "Database", "HTTP", "Readers", "Search", "Knowledge"],
            swiftSettings: strict),
        .executableTarget(name: "twin", dependencies: ["TwinKit"] + leaves, swiftSettings: strict),
        .executableTarget(
            name: "twin-benchmark", dependencies: ["TwinKit"] + leaves, path: "Tests/Benchmarks",
            exclude: [
                "README.md", "apply.sh", "ingest.sh", "kill.sh", "metrics.sh", "search/tantivy_peer.py", "search/run.sh",
                "http/run.sh", "http/soak.py", "http/chat.sh",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TwinKitTests", dependencies: ["TwinKit", "TestSupport"] + leaves, exclude: ["Migrations/Databases"],
            swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["TwinKit"] + leaves, path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "TwinCommandLineTests", dependencies: ["twin", "TwinKit", "TestSupport"] + leaves, swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["TwinKit", "twin", "TestSupport"] + leaves, exclude: ["Contract"],
            swiftSettings: strict),
    ]
)
