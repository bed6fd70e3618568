import TwinSupport

/// JSON becomes lines `name: value`, nested names joined by dots. Each object of a list is a record of its own, so that a
/// list of products or questions is found item by item.
struct JSONReader {
    private var builder: DocumentBuilder
    private var notices: [String] = []
    private var title: String?

    private init(limits: ReaderLimits, capacity: Int) { builder = DocumentBuilder(limits: limits, capacity: capacity) }

    /// Reads one value. The items of a list at the top are parsed one after the other, so that memory holds one at a time.
    static func read(_ text: ByteView, people: [String: String] = [:], limits: ReaderLimits) throws(ReadFailure)
        -> ExtractedDocument
    {
        let whole = text.hasPrefix("\u{FEFF}") ? text.slice(3, text.count) : text
        let failure: ReadFailure
        do throws(ReadFailure) { return try readStrictly(whole, people, limits: limits) } catch { failure = error }
        guard case .malformed = failure else { throw failure }
        if let ranges = JSONRepair.sequence(whole) {
            var reader = JSONReader(limits: limits, capacity: whole.count)
            for range in ranges where !reader.builder.isFull { reader.record(try parse(range, in: whole)) }
            reader.notices.append(JSONRepair.sequenceNotice)
            return try reader.finish()
        }
        guard let repaired = JSONRepair.withoutComments(whole) else { throw failure }
        var document = try? repaired.withView { (view) throws(ReadFailure) in try readStrictly(view, people, limits: limits) }
        document?.notices.append(JSONRepair.commentNotice)
        // What is wrong is told of the file as it is.
        guard let document else { throw failure }
        return document
    }

    private static func readStrictly(_ text: ByteView, _ people: [String: String], limits: ReaderLimits) throws(ReadFailure)
        -> ExtractedDocument
    {
        var reader = JSONReader(limits: limits, capacity: text.count)
        let text = text.trimmed
        if text[0] == UInt8(ascii: "["), let first = Items(text)?.first(where: { _ in true }),
            let begin = try? JSONParser.parse(text[first].contents, numbers: .asWritten), JSONShapes.mayBegin(begin),
            let document = try JSONShapes.read(try parse(0..<text.count, in: text), people: people, limits: limits)
        {
            return document
        }
        if text[0] == UInt8(ascii: "["), let items = Items(text) {
            for item in items where !reader.builder.isFull { reader.record(try parse(item, in: text)) }
        } else {
            let value = try parse(0..<text.count, in: text)
            if let document = try JSONShapes.read(value, people: people, limits: limits) { return document }
            if let object = value.objectValue {
                for name in ["title", "name", "headline"] where reader.title == nil { reader.title = object[name]?.stringValue }
            }
            reader.flatten(value, name: "")
        }
        if JSONRepair.hasOtherNumbers(text) { reader.notices.append(JSONRepair.numberNotice) }
        return try reader.finish()
    }

    /// Reads one value a line (https://jsonlines.org). A line that is not JSON is left out with a notice; when none is JSON
    /// the file is malformed.
    static func readLines(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = JSONReader(limits: limits, capacity: text.count)
        var index = 0
        var number = 0
        var read = 0
        var bad = 0
        var firstReason = ""
        while index < text.count, !reader.builder.isFull {
            let end = text.lineEnd(from: index)
            let line = text.slice(index, end).trimmed
            index = end + 1
            number += 1
            if line.isEmpty { continue }
            guard line.count <= limits.maximumRowBytes else {
                throw .tooLarge("line \(number) is longer than \(ReaderLimits.size(limits.maximumRowBytes))")
            }
            do {
                reader.record(try JSONParser.parse(line.contents, numbers: .asWritten))
                read += 1
            } catch {
                bad += 1
                if firstReason.isEmpty { firstReason = "line \(number): \(error)" }
                if bad <= 20 { reader.notices.append("line \(number) is not JSON and was left out: \(error)") }
            }
        }
        if read == 0, bad > 0 { throw .malformed("no line is JSON (\(firstReason))") }
        if JSONRepair.hasOtherNumbers(text) { reader.notices.append(JSONRepair.numberNotice) }
        if bad > 20 { reader.notices.append("\(bad - 20) more lines are not JSON and were left out") }
        return try reader.finish()
    }

    private consuming func finish() throws(ReadFailure) -> ExtractedDocument {
        let (notices, title) = (notices, title)
        var document = try builder.finish(title: title)
        document.notices = notices
        return document
    }

    private static func parse(_ range: Range<Int>, in text: ByteView) throws(ReadFailure) -> JSON {
        do {
            return try JSONParser.parse(text[range].contents, numbers: .asWritten)
        } catch let error as JSONError {
            throw .malformed("not JSON: \(error.reason) at byte \(range.lowerBound + error.offset)")
        } catch {
            throw .malformed("not JSON: \(error)")
        }
    }

    private mutating func record(_ value: JSON) {
        if case .null = value { return }
        builder.endParagraph()
        builder.mark(.record)
        flatten(value, name: "")
    }

    /// Depth is bounded by the parser's own limit.
    private mutating func flatten(_ value: JSON, name: String) {
        if builder.isFull { return }
        switch value {
        case .null: break
        case .string(let text): line(name, text)
        case .bool(let flag): line(name, flag ? "true" : "false")
        case .int(let number): line(name, String(number))
        case .double(let number): line(name, number.description)
        case .object(let object):
            for member in object.members { flatten(member.value, name: Self.joined(name, member.key)) }
        case .array(let items): list(items, name: name)
        }
    }

    /// A long path keeps its end, so that names cannot grow with depth times length.
    private static func joined(_ path: String, _ key: String) -> String {
        let whole = path.isEmpty ? String(key.suffix(200)) : "\(path).\(key.suffix(200))"
        return whole.utf8.count <= 400 ? whole : String(whole.suffix(200))
    }

    private mutating func list(_ items: [JSON], name: String) {
        let isFlat = items.allSatisfy { item in
            switch item {
            case .object, .array: false
            case .string(let text): text.utf8.count <= 80
            default: true
            }
        }
        if isFlat {
            line(name, items.compactMap(Self.scalar).joined(separator: ", "))
            return
        }
        for item in items {
            if case .object = item {
                builder.endParagraph()
                builder.mark(.record)
            }
            flatten(item, name: name)
        }
    }

    private static func scalar(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .null: nil
        default: value.text
        }
    }

    private mutating func line(_ name: String, _ text: String) {
        guard let text = text.nonBlank else { return }
        builder.startLine()
        if !name.isEmpty {
            builder.append(text: name, onOneLine: true)
            builder.append(": ")
        }
        builder.append(text: text)
        builder.startLine()
    }

    /// The ranges of the items of a list, found by its brackets and quotes alone; the parser judges each item.
    private struct Items: Sequence {
        let text: ByteView

        /// None unless the brackets balance and nothing follows them, so that a broken list fails as a whole.
        init?(_ text: ByteView) {
            self.text = text
            var last = 0
            for range in self { last = range.upperBound }
            var index = Swift.max(last, 1)
            while text[index].isSpace { index += 1 }
            guard text[index] == UInt8(ascii: "]"), index + 1 == text.count else { return nil }
        }

        func makeIterator() -> Iterator { Iterator(text: text) }

        struct Iterator: IteratorProtocol {
            let text: ByteView
            var index = 1

            mutating func next() -> Range<Int>? {
                while text[index].isSpace { index += 1 }
                guard index < text.count, text[index] != UInt8(ascii: "]") else { return nil }
                let start = index
                var depth = 0
                while index < text.count {
                    switch text[index] {
                    case UInt8(ascii: "\""):
                        index += 1
                        while index < text.count, text[index] != UInt8(ascii: "\"") {
                            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
                        }
                    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                    case UInt8(ascii: "}"): depth -= 1
                    case UInt8(ascii: "]"):
                        if depth == 0 { return extent(start, index) }
                        depth -= 1
                    case UInt8(ascii: ","):
                        if depth == 0 {
                            index += 1
                            return extent(start, index - 1)
                        }
                    default: break
                    }
                    index += 1
                }
                return extent(start, text.count)
            }
        }
    }
}
