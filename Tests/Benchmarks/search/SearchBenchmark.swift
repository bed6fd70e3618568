import Dispatch
import Glibc
import Synchronization
import TwinDatabase
import TwinKit
import TwinSearch
import TwinSupport

/// Indexing and querying of a synthetic corpus, side by side with SQLite's FTS5. `run.sh` adds Tantivy to the comparison.
enum SearchBenchmark {
    static func run(_ arguments: [String]) throws {
        switch arguments.first {
        case "corpus" where arguments.count == 3:
            try SyntheticCorpus.write(to: arguments[1], documents: Int(arguments[2]) ?? 100_000)
        case "index" where arguments.count == 4: try index(arguments[1], database: arguments[2], threads: Int(arguments[3]) ?? 2)
        case "merge" where arguments.count == 2: try merge(arguments[1])
        case "query" where arguments.count >= 3:
            try query(arguments[1], database: arguments[2], band: arguments.dropFirst(3).first)
        case "fts5" where arguments.count == 3: try fts5(arguments[1], database: arguments[2])
        case "analyze" where arguments.count == 2: try analyze(arguments[1])
        default:
            print(
                "usage: twin-benchmark search corpus DIR N | index DIR DB THREADS | merge DB | query DIR DB [BAND] | fts5 DIR DB | analyze DIR"
            )
        }
    }

    private static let key: Int64 = 1
    /// Text of one batch, in bytes.
    private static let batchSize = 8 << 20

    /// Tokenising, stemming and collecting alone, with one thread.
    private static func analyze(_ folder: String) throws {
        let lines = Lines(path: folder + "/documents.txt")
        let builder = SegmentBuilder(analyzer: Analyzer())
        var timings = Timings()
        try timings.measure {
            for line in 0..<lines.count {
                try lines.withLine(line) { try builder.add(source: line / 10, title: "", headings: [], body: $0) }
            }
        }
        var finish = Timings()
        let segment = try finish.measure { try builder.finish() }
        let seconds = timings.percentile(0.5) / 1_000
        print(
            "analyze: \((Double(lines.byteCount) / 1e6 / seconds).rounded(1)) MB/s, finish \(finish.percentile(0.5).rounded(1)) ms, segment \(segment.byteCount) bytes, \(segment.termCount) terms"
        )
    }

    private static func index(_ folder: String, database path: String, threads: Int) throws {
        let lines = Lines(path: folder + "/documents.txt")
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        let database = try Database(path: path, create: true)
        try database.write { try $0.execute(IndexSchema.sql) }
        let index = SearchIndex(twin: key)
        var timings = Timings()
        let next = Mutex(0)
        let nextKey = Mutex<Int64>(1)
        timings.measure {
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                do {
                    while true {
                        let batch = next.withLock { next -> Range<Int> in
                            let start = next
                            var size = 0
                            while next < lines.count, size < batchSize {
                                size += lines.length(next)
                                next += 1
                            }
                            return start..<next
                        }
                        if batch.isEmpty { break }
                        let builder = SegmentBuilder(analyzer: Analyzer())
                        for line in batch {
                            try lines.withLine(line) { try builder.add(source: line / 10, title: "", headings: [], body: $0) }
                        }
                        let segment = try builder.finish()
                        try database.write { connection in
                            let base = nextKey.withLock { key -> Int64 in
                                defer { key += Int64(segment.documentCount) }
                                return key
                            }
                            try index.append(segment, base: base, on: connection) { Int64($0) + 1 }
                        }
                    }
                } catch { print("failed: \(error)") }
            }
        }
        let seconds = timings.percentile(0.5) / 1_000
        print(
            "twin index: \((Double(lines.byteCount) / 1e6 / seconds).rounded(1)) MB/s with \(threads) threads (\(seconds.rounded(2)) s)"
        )
        var merging = Timings()
        let rounds = try merging.measure { () -> Int in
            var rounds = 0
            while try database.write({ try index.merge(on: $0) }) { rounds += 1 }
            return rounds
        }
        print("twin merge: \(rounds) merges, \(merging.percentile(0.5).rounded(0)) ms")
        let statistics = try database.read { try index.statistics(on: $0) }
        let size = try database.read { try $0.first("SELECT sum(length(data)) FROM index_pages") { $0.int(0) } ?? 0 }
        print(
            "twin index: \(statistics.segments) segments, \(size) bytes for \(lines.byteCount) bytes of text, peak memory \(peakMemory) KiB"
        )
    }

    /// Makes one segment of all.
    private static func merge(_ path: String) throws {
        let database = try Database(path: path)
        var timings = Timings()
        try timings.measure { try database.write { _ = try SearchIndex(twin: key).merge(.all, on: $0) } }
        print("twin merge: one segment in \(timings.percentile(0.5).rounded(0)) ms, peak memory \(peakMemory) KiB")
    }

    private static func query(_ folder: String, database path: String, band chosen: String?) throws {
        let database = try Database(path: path)
        let index = SearchIndex(twin: key)
        let analyzer = Analyzer()
        for (band, queries) in try bands(folder) where chosen == nil || chosen == band {
            var timings = Timings()
            for round in 0..<(chosen == nil ? 6 : 600) {
                for query in queries {
                    if round == 0 {
                        _ = try database.read { try index.search(Query(query, analyzer: analyzer), limit: 10, on: $0) }
                    } else {
                        _ = try timings.measure {
                            try database.read { try index.search(Query(query, analyzer: analyzer), limit: 10, on: $0) }
                        }
                    }
                }
            }
            print("twin\t\(band)\t\(timings.percentile(0.5).rounded(3))\t\(timings.percentile(0.95).rounded(3))")
        }
        print("twin memory\t\(ownMemory) KiB of its own, at the most \(peakMemory) KiB with mapped files")
    }

    private static func fts5(_ folder: String, database path: String) throws {
        let lines = Lines(path: folder + "/documents.txt")
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        let database = try Database(path: path, create: true)
        var timings = Timings()
        try timings.measure {
            try database.write { connection in
                try connection.execute("CREATE VIRTUAL TABLE documents USING fts5(body, tokenize = 'porter unicode61')")
                for line in 0..<lines.count {
                    try connection.run("INSERT INTO documents (rowid, body) VALUES (?, ?)", line + 1, lines.text(line))
                }
            }
        }
        let seconds = timings.percentile(0.5) / 1_000
        print("fts5 index: \((Double(lines.byteCount) / 1e6 / seconds).rounded(1)) MB/s (\(seconds.rounded(2)) s)")
        for (band, queries) in try bands(folder) {
            var timings = Timings()
            for query in queries.prefix(20) {
                let match = query.split(separator: " ").map { "\"\($0)\"" }.joined(separator: " OR ")
                _ = try timings.measure {
                    try database.read {
                        try $0.rows(
                            "SELECT rowid, bm25(documents) FROM documents WHERE documents MATCH ? ORDER BY bm25(documents) LIMIT 10",
                            match
                        ) { $0.int64(0) }
                    }
                }
            }
            print("fts5\t\(band)\t\(timings.percentile(0.5).rounded(3))\t\(timings.percentile(0.95).rounded(3))")
        }
    }

    private static func bands(_ folder: String) throws -> [(String, [String])] {
        let lines = Lines(path: folder + "/queries.txt")
        var result: [(String, [String])] = []
        for line in 0..<lines.count {
            let parts = lines.text(line).split(separator: "\t").map(String.init)
            guard parts.count == 2 else { continue }
            if result.last?.0 == parts[0] {
                result[result.count - 1].1.append(parts[1])
            } else {
                result.append((parts[0], [parts[1]]))
            }
        }
        return result
    }

    /// The memory that is the process's own, without mapped files, in KiB.
    static var ownMemory: Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("RssAnon:") { return Int(text.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) ?? 0 }
        }
        return 0
    }

    /// The most memory that the process has had, with what it touched of mapped files, in KiB.
    static var peakMemory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}

/// The lines of a file, mapped into memory.
final class Lines: @unchecked Sendable {
    // Mapped and measured by the initialiser and only read afterwards.
    private let bytes: UnsafeBufferPointer<UInt8>
    private let starts: [Int]

    init(path: String) {
        let file = open(path, O_RDONLY)
        var info = stat()
        fstat(file, &info)
        let count = Int(info.st_size)
        let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0)
        close(file)
        bytes = UnsafeBufferPointer(start: address?.assumingMemoryBound(to: UInt8.self), count: count)
        var starts = [0]
        for index in 0..<count where bytes[index] == 10 { starts.append(index + 1) }
        self.starts = starts
    }

    var count: Int { starts.count - 1 }
    var byteCount: Int { bytes.count }
    func length(_ line: Int) -> Int { starts[line + 1] - starts[line] - 1 }
    func text(_ line: Int) -> String { withLine(line) { String(decoding: $0, as: UTF8.self) } }
    func withLine<Result>(_ line: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(rebasing: bytes[starts[line]..<starts[line + 1] - 1]))
    }
}
