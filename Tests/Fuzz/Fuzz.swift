import Glibc

@testable import TwinHTTP
@testable import TwinReaders
@testable import TwinSupport

// A libFuzzer target for each parser that takes bytes from strangers: those of the wire here, those of documents in
// `FuzzReaders.swift`. `run.sh` compiles the library's leaf modules for testing, so that these reach what is internal. What a
// target finds wrong beside a crash ends the process, which libFuzzer reports with the input.

/// Tells what is wrong and ends: the only way to make libFuzzer keep the input.
func report(_ message: String) -> Never {
    let line = "found: \(message)\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
    abort()
}

private enum Target: String, CaseIterable {
    case head, chunked, multipart, json, jwt, query

    func run(_ bytes: [UInt8]) {
        switch self {
        case .head:
            let whole = Self.head(bytes, pieces: 1)
            let byByte = Self.head(bytes, pieces: max(1, bytes.count))
            if whole.hasPrefix("failed") != byByte.hasPrefix("failed") || !whole.hasPrefix("failed") && whole != byByte {
                report("a head differs when it comes byte by byte: \(whole) and \(byByte)")
            }
        case .chunked:
            if Self.chunked(bytes, step: max(1, bytes.count)) != Self.chunked(bytes, step: 1) {
                report("chunked content differs when it comes byte by byte")
            }
        case .multipart:
            if Self.multipart(bytes, step: max(1, bytes.count)) != Self.multipart(bytes, step: 1) {
                report("a form differs when it comes byte by byte")
            }
        case .json:
            guard let json = try? JSONParser.parse(bytes) else { return }
            guard let again = try? JSONParser.parse(JSONWriter.bytes(json)) else { report("what was written cannot be read") }
            // A number that has no exact double is the only thing that may change, and only once.
            if JSONWriter.bytes(again) != JSONWriter.bytes(json) { report("JSON changes when it is written and read") }
        case .jwt:
            guard let token = try? JSONWebToken(parsing: Secret(String(decoding: bytes, as: UTF8.self))) else { return }
            if (try? token.verifySignature(secret: Secret("a secret that no input knows, long enough"))) != nil {
                report("a token was accepted that nobody signed")
            }
        case .query:
            let parameters = QueryParameters(String(decoding: bytes, as: UTF8.self))
            if parameters.parameters.count > 1_000 { report("too many parameters") }
        }
    }

    private static func head(_ bytes: [UInt8], pieces: Int) -> String {
        var parser = RequestParser(limits: RequestLimits(headSize: 2_000, targetSize: 400, fieldCount: 12))
        let step = max(1, bytes.count / pieces)
        for end in stride(from: min(step, bytes.count), through: bytes.count, by: step) {
            switch Array(bytes[..<end]).withUnsafeBytes({ parser.parse($0) }) {
            case .incomplete: continue
            case .failed: return "failed"
            case .complete(let head, let consumed):
                return "\(head.method) \(head.rawPath) \(head.rawQuery ?? "-") \(head.framing) \(head.keepsAlive) \(consumed)"
            }
        }
        return "incomplete"
    }

    private static func chunked(_ bytes: [UInt8], step: Int) -> [UInt8]? {
        var decoder = ChunkedDecoder()
        var content: [UInt8] = []
        var index = 0
        while index < bytes.count, !decoder.isDone {
            let piece = Array(bytes[index..<min(index + step, bytes.count)])
            guard let used = try? piece.withUnsafeBytes({ try decoder.decode($0) { content.append(contentsOf: $0) } }) else {
                return nil
            }
            index += used
        }
        return content + (decoder.isDone ? [1] : [0])
    }

    private static func multipart(_ bytes: [UInt8], step: Int) -> String? {
        var parser = MultipartParser(boundary: "b")
        var seen = ""
        for start in stride(from: 0, to: bytes.count, by: step) {
            let piece = Array(bytes[start..<min(start + step, bytes.count)])
            let parsed: Void? = try? piece.withUnsafeBytes { piece in
                try parser.parse(piece) { event in
                    switch event {
                    case .begin(let fields): seen += "begin \(fields.map { $0.name + ":" + $0.value })"
                    case .content(let content): seen += Hex.encode(Array(content))
                    case .end: seen += "end"
                    }
                }
            }
            guard parsed != nil else { return nil }
        }
        return (try? parser.finish()) == nil ? nil : seen
    }
}

private let run: (@Sendable ([UInt8]) -> Void)? = {
    guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }) else { return nil }
    if let target = Target(rawValue: name) { return { target.run($0) } }
    if let target = ReaderTarget(rawValue: name) { return { target.run($0) } }
    return nil
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let run else {
        report("set FUZZ_TARGET to one of \(Target.allCases.map(\.rawValue) + ReaderTarget.allCases.map(\.rawValue))")
    }
    run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
