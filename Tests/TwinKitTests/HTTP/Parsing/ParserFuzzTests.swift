import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Random inputs for the parsers: the same result at every way to cut the bytes, and no crash for any of them.
@Suite struct ParserFuzzTests {
    /// A generator whose seed a failing test prints (SplitMix64).
    struct Seeded: RandomNumberGenerator {
        private var state: UInt64
        init(_ seed: UInt64) { state = seed }
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    static let seed = TestRandom.seed

    static func mutate(_ bytes: [UInt8], _ generator: inout Seeded) -> [UInt8] {
        var bytes = bytes
        let special: [UInt8] = [0, 10, 13, 32, 9, 37, 44, 45, 48, 58, 59, 61, 127, 255]
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let position = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0 where !bytes.isEmpty: bytes[position] = .random(in: .min ... .max, using: &generator)
            case 1 where !bytes.isEmpty: bytes.remove(at: position)
            case 2: bytes.insert(special.randomElement(using: &generator) ?? 0, at: position)
            case 3 where !bytes.isEmpty:
                let end = min(bytes.count, position + Int.random(in: 1...20, using: &generator))
                bytes.insert(contentsOf: bytes[position..<end], at: Int.random(in: 0...bytes.count, using: &generator))
            default: bytes = Array(bytes.prefix(position + 1))
            }
        }
        return bytes
    }

    static let requests = [
        "GET /a/b%20c?x=1&y HTTP/1.1\r\nHost: example.com:80\r\nAccept: */*\r\n\r\n",
        "POST http://h/p HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\nExpect: 100-continue\r\nConnection: close, x\r\n\r\n",
        "\r\nOPTIONS * HTTP/1.0\r\nTransfer-Encoding: chunked\r\nX-A: \t b \r\nX-B:\r\n\r\n",
    ].map { Array($0.utf8) }

    /// The result of a head parsed in these pieces, as text that can be compared.
    private func head(_ bytes: [UInt8], cuts: [Int]) -> String {
        var parser = RequestParser(limits: RequestLimits(headSize: 300, targetSize: 60, fieldCount: 6))
        for end in cuts + [bytes.count] {
            // A copy of exact size, so that reading past the end would show.
            switch Array(bytes[..<end]).withUnsafeBytes({ parser.parse($0) }) {
            case .incomplete: continue
            case .failed(let error): return "failed \(error)"
            case .complete(let head, let consumed):
                return "\(head.method) \(head.rawPath) \(head.rawQuery ?? "-") \(head.host ?? "-") \(head.framing) "
                    + "\(head.keepsAlive) \(head.expectsContinue) \(head.fields.list) \(consumed)"
            }
        }
        return "incomplete"
    }

    @Test func `a head is the same wherever it is cut`() {
        for bytes in Self.requests {
            let whole = head(bytes, cuts: [])
            for cut in 0...bytes.count { #expect(head(bytes, cuts: [cut]) == whole) }
            #expect(head(bytes, cuts: Array(0...bytes.count)) == whole)
        }
    }

    @Test func `mutated heads are parsed or refused, the same in pieces as whole`() {
        var generator = Seeded(Self.seed)
        for round in 0..<20_000 {
            let bytes = Self.mutate(Self.requests[round % Self.requests.count], &generator)
            let whole = head(bytes, cuts: [])
            let byByte = head(bytes, cuts: Array(0...bytes.count))
            // In pieces an error can show before another that the whole would show first; both refuse.
            if whole.hasPrefix("failed") || byByte.hasPrefix("failed") {
                #expect(byByte.hasPrefix("failed"), "seed \(Self.seed) round \(round)")
                #expect(whole.hasPrefix("failed"), "seed \(Self.seed) round \(round)")
            } else {
                #expect(whole == byByte, "seed \(Self.seed) round \(round)")
            }
        }
    }

    private func dechunk(_ bytes: [UInt8], cuts: [Int]) -> String {
        var decoder = ChunkedDecoder()
        var content: [UInt8] = []
        var start = 0
        do {
            for end in cuts + [bytes.count] where end >= start && !decoder.isDone {
                let used = try Array(bytes[start..<end]).withUnsafeBytes { try decoder.decode($0) { content += Array($0) } }
                start += used
            }
        } catch { return "failed \(error)" }
        return "\(decoder.isDone) \(start) \(content)"
    }

    @Test func `chunks are the same wherever they are cut, and mutated ones too`() {
        let valid = Array("5;a=b\r\nhello\r\n001\r\n!\r\n0 \r\nT: v\r\n\r\nnext".utf8)
        var generator = Seeded(Self.seed)
        for round in 0..<20_000 {
            let bytes = round == 0 ? valid : Self.mutate(valid, &generator)
            let whole = dechunk(bytes, cuts: [])
            #expect(dechunk(bytes, cuts: Array(0...bytes.count)) == whole, "seed \(Self.seed) round \(round)")
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            #expect(dechunk(bytes, cuts: [cut]) == whole, "seed \(Self.seed) round \(round)")
        }
        #expect(dechunk(valid, cuts: []) == "true 34 \(Array("hello!".utf8))")
    }

    private func parts(_ bytes: [UInt8], cuts: [Int]) -> String {
        var parser = MultipartParser(boundary: "XX")
        var result = ""
        var content: [UInt8] = []
        var start = 0
        do {
            for end in cuts + [bytes.count] where end >= start {
                try Array(bytes[start..<end]).withUnsafeBytes {
                    try parser.parse($0) { event in
                        switch event {
                        case .begin(let fields): result += "[\(fields)"
                        case .content(let piece): content += Array(piece)
                        case .end:
                            result += "\(content)]"
                            content = []
                        }
                    }
                }
                start = end
            }
            try parser.finish()
        } catch { return "failed" }
        return result
    }

    static let form = Array(
        ("preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n--X\r\n-\r\r\n--XX\r\n"
            + "Content-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\n"
            + "\r\n--XX--\r\nepilogue").utf8)

    @Test func `multipart content is the same wherever it is cut, and mutated too`() {
        let whole = parts(Self.form, cuts: [])
        #expect(whole.hasPrefix("[") && whole.contains("\(Array("value\r\n--X\r\n-\r".utf8))]"))
        for cut in 0...Self.form.count { #expect(parts(Self.form, cuts: [cut]) == whole) }
        var generator = Seeded(Self.seed)
        for round in 0..<2000 {
            let bytes = Self.mutate(Self.form, &generator)
            let whole = parts(bytes, cuts: [])
            #expect(parts(bytes, cuts: Array(0...bytes.count)) == whole, "seed \(Self.seed) round \(round)")
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            #expect(parts(bytes, cuts: [cut]) == whole, "seed \(Self.seed) round \(round)")
        }
    }

    @Test func `form text survives a round trip, and any text can be read`() {
        var generator = Seeded(Self.seed)
        let alphabet = Array("aé😀 &=+%;#\u{0}\"/?b1")
        func word() -> String {
            String((0..<Int.random(in: 0...8, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? "x" })
        }
        for round in 0..<2000 {
            var query = QueryParameters()
            for _ in 0..<Int.random(in: 0...5, using: &generator) { query.append(word(), word()) }
            #expect(QueryParameters(query.text) == query, "seed \(Self.seed) round \(round)")
            let mutated = Self.mutate(Array(query.text.utf8), &generator)
            let read = mutated.withUnsafeBytes { QueryParameters($0) }
            #expect(QueryParameters(read.text) == read, "seed \(Self.seed) round \(round)")
            _ = FieldValue(String(decoding: mutated, as: UTF8.self))
            _ = HTTPDate.parse(String(decoding: mutated, as: UTF8.self))
        }
        #expect(
            QueryParameters("a=1&b&=c&&a=%zz+%41").parameters.map { "\($0.name)=\($0.value)" } == ["a=1", "b=", "=c", "a=%zz A"])
    }
}
