import TwinSupport

/// How orders and reports pass between processes of ours: numbers as LEB128, texts and bytes behind their length.
package struct WireWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Any number; negative ones take ten bytes.
    package mutating func write(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The length and the bytes.
    package mutating func write(_ value: [UInt8]) {
        write(value.count)
        bytes += value
    }

    /// The length in bytes of UTF-8 and those bytes.
    package mutating func write(_ value: String) {
        var value = value
        value.withUTF8 { text in
            write(text.count)
            bytes.append(contentsOf: text)
        }
    }

    /// A text that may be missing, which is told from an empty one.
    package mutating func write(_ value: String?) {
        write(value == nil ? 0 : 1)
        if let value { write(value) }
    }

    /// Makes room for so many more bytes, which saves copies and changes nothing else.
    package mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }
}

/// Takes apart what `WireWriter` wrote. Throws for anything else: what a reader sends is believed no more than the document.
package struct WireReader {
    /// The bytes are not what a `WireWriter` writes. The rest of them is of no use.
    package struct Broken: Error {
        package init() {}
    }

    private let bytes: [UInt8]
    private var index = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var isAtEnd: Bool { index == bytes.count }

    /// The next number. Throws `Broken` where the bytes end or it takes more than ten.
    package mutating func number() throws(Broken) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while index < bytes.count, shift < 64 {
            let byte = bytes[index]
            index += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(Int64(bitPattern: value)) }
            shift += 7
        }
        throw Broken()
    }

    private mutating func range() throws(Broken) -> Range<Int> {
        let count = try number()
        guard count >= 0, count <= bytes.count - index else { throw Broken() }
        defer { index += count }
        return extent(index, index + count)
    }

    /// The next bytes, copied. Throws `Broken` where fewer are left than their length says.
    package mutating func data() throws(Broken) -> [UInt8] { Array(bytes[try range()]) }

    /// The next text. Throws `Broken` also for bytes that are no UTF-8.
    package mutating func text() throws(Broken) -> String {
        let range = try range()
        let text = bytes.withUnsafeBufferPointer { String(validating: $0[range], as: UTF8.self) }
        guard let text else { throw Broken() }
        return text
    }

    /// The next text that may be missing.
    package mutating func optionalText() throws(Broken) -> String? { try number() == 0 ? nil : try text() }
}

extension ReadOrder {
    var wire: [UInt8] {
        var writer = WireWriter()
        writer.write(task.rawValue)
        writer.write(name)
        switch content {
        case .file(let path):
            writer.write(0)
            writer.write(path)
        case .bytes(let bytes):
            writer.reserve(bytes.count + 1024)
            writer.write(1)
            writer.write(bytes)
        }
        writer.write(mediaType)
        writer.write(format?.rawValue)
        writer.write(charset)
        var numbers = limits
        numbers.forEach { writer.write($0) }
        writer.write(knownHashes.count)
        for hash in knownHashes { writer.write(hash) }
        return writer.bytes
    }

    init(wire: [UInt8]) throws(WireReader.Broken) {
        var reader = WireReader(wire)
        guard let task = Task(rawValue: try reader.text()) else { throw WireReader.Broken() }
        self.task = task
        name = try reader.text()
        content = try reader.number() == 0 ? .file(path: try reader.text()) : .bytes(try reader.data())
        mediaType = try reader.optionalText()
        format = try reader.optionalText().flatMap(DocumentFormat.init(rawValue:))
        charset = try reader.optionalText()
        limits = ReaderLimits()
        try limits.forEach { (number: inout Int) throws(WireReader.Broken) in number = try reader.number() }
        for _ in extent(0, try reader.number()) { knownHashes.append(try reader.data()) }
    }
}

extension ReaderLimits {
    /// All of them, in a fixed order.
    fileprivate mutating func forEach<Failure: Error>(_ body: (inout Int) throws(Failure) -> Void) throws(Failure) {
        try body(&maximumInputBytes)
        try body(&maximumTextBytes)
        try body(&maximumUnpackedBytes)
        try body(&maximumRatio)
        try body(&maximumEntries)
        try body(&maximumDepth)
        try body(&maximumRowBytes)
        try body(&converterSeconds)
        try body(&converterOutputBytes)
        try body(&maximumSeconds)
        try body(&maximumMemoryBytes)
    }
}

extension ReadReport {
    var wire: [UInt8] {
        var writer = WireWriter()
        if case .document(let document, _) = outcome {
            writer.reserve(document.text.utf8.count + document.marks.count * 4 + 1024)
        }
        writer.write(hash)
        writer.write(size)
        writer.write(identity)
        switch outcome {
        case .known, .cancelled: writer.write(0)
        case .document(let document, let format):
            writer.write(1)
            writer.write(format.rawValue)
            document.write(to: &writer)
        case .structure(let json):
            writer.write(4)
            writer.write(JSONWriter.bytes(json))
        case .failure(let failure):
            writer.write(2)
            failure.write(to: &writer)
        case .unreachable(let error):
            writer.write(3)
            writer.write(error.kind.rawValue)
            writer.write(error.message)
        }
        return writer.bytes
    }

    init(wire: [UInt8]) throws(WireReader.Broken) {
        var reader = WireReader(wire)
        self.init(outcome: .known)
        hash = try reader.data()
        size = try reader.number()
        identity = try reader.optionalText()
        switch try reader.number() {
        case 0: break
        case 1:
            guard let format = DocumentFormat(rawValue: try reader.text()) else { throw WireReader.Broken() }
            outcome = .document(try ExtractedDocument(&reader), format)
        case 2: outcome = .failure(try ReadFailure(&reader))
        case 3:
            guard let kind = TwinError.Kind(rawValue: try reader.text()) else { throw WireReader.Broken() }
            outcome = .unreachable(TwinError(kind, try reader.text()))
        case 4:
            guard let json = try? JSONParser.parse(try reader.data()) else { throw WireReader.Broken() }
            outcome = .structure(json)
        default: throw WireReader.Broken()
        }
        guard reader.isAtEnd else { throw WireReader.Broken() }
    }
}

extension ReadFailure {
    fileprivate func write(to writer: inout WireWriter) {
        let (tag, first, second): (Int, String, String) =
            switch self {
            case .unsupported(let what): (0, what, "")
            case .malformed(let reason): (1, reason, "")
            case .tooLarge(let reason): (2, reason, "")
            case .missingTool(let tool, let install): (3, tool, install)
            case .toolFailed(let reason): (4, reason, "")
            case .readerFailed(let reason): (5, reason, "")
            case .empty(let what): (6, what, "")
            }
        writer.write(tag)
        writer.write(first)
        writer.write(second)
    }

    fileprivate init(_ reader: inout WireReader) throws(WireReader.Broken) {
        let (tag, first, second) = (try reader.number(), try reader.text(), try reader.text())
        switch tag {
        case 0: self = .unsupported(first)
        case 1: self = .malformed(first)
        case 2: self = .tooLarge(first)
        case 3: self = .missingTool(tool: first, install: second)
        case 4: self = .toolFailed(first)
        case 6: self = .empty(first)
        default: self = .readerFailed(first)
        }
    }
}

extension ExtractedDocument {
    fileprivate func write(to writer: inout WireWriter) {
        writer.write(text)
        for field in [title, author, publishedAt, language, link] { writer.write(field) }
        writer.write(metadata.isEmpty ? [] : JSONWriter.bytes(.object(metadata)))
        writer.write(notices.count)
        for notice in notices { writer.write(notice) }
        writer.write(marks.count)
        var last = 0
        for mark in marks {
            writer.write(mark.offset - last)
            last = mark.offset
            switch mark.kind {
            case .record: writer.write(0)
            case .code: writer.write(1)
            case .prose: writer.write(2)
            case .page(let number):
                writer.write(3)
                writer.write(number)
            case .part(let name):
                writer.write(4)
                writer.write(name)
            case .time(let start, let end):
                writer.write(5)
                writer.write(start)
                writer.write(end)
            case .heading(let level): writer.write(6 + level)
            }
        }
    }

    fileprivate init(_ reader: inout WireReader) throws(WireReader.Broken) {
        self.init(text: try reader.text())
        title = try reader.optionalText()
        author = try reader.optionalText()
        publishedAt = try reader.optionalText()
        language = try reader.optionalText()
        link = try reader.optionalText()
        let stated = try reader.data()
        if !stated.isEmpty {
            guard case .object(let object) = try? JSONParser.parse(stated) else { throw WireReader.Broken() }
            metadata = object
        }
        for _ in extent(0, try reader.number()) { notices.append(try reader.text()) }
        let length = text.utf8.count
        var offset = 0
        for _ in extent(0, try reader.number()) {
            let step = try reader.number()
            guard step >= 0, step <= length - offset else { throw WireReader.Broken() }
            offset += step
            let kind: Mark.Kind
            switch try reader.number() {
            case 0: kind = .record
            case 1: kind = .code
            case 2: kind = .prose
            case 3: kind = .page(try reader.number())
            case 4: kind = .part(try reader.text())
            case 5:
                let start = try reader.number()
                kind = .time(start: start, end: max(start, try reader.number()))
            case let tag: kind = .heading(level: max(1, min(tag - 6, 6)))
            }
            marks.append(.init(offset: offset, kind: kind))
        }
    }
}
