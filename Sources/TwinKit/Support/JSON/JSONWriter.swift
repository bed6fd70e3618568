/// Writes JSON text (RFC 8259) in UTF-8, compact on one line or indented by two spaces.
package struct JSONWriter {
    private var bytes: [UInt8] = []
    private let pretty: Bool

    private init(pretty: Bool) { self.pretty = pretty }

    /// The UTF-8 bytes of `value`, without a final newline.
    package static func bytes(_ value: JSON, pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(value, depth: 0)
        return writer.bytes
    }

    private mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .int(let number): bytes += String(number).utf8
        case .double(let number): write(number)
        case .string(let text): write(text)
        case .array(let items):
            write(open: "[", close: "]", count: items.count, depth: depth) { writer, index in
                writer.write(items[index], depth: depth + 1)
            }
        case .object(let object):
            write(open: "{", close: "}", count: object.count, depth: depth) { writer, index in
                let member = object.members[index]
                writer.write(member.key)
                writer.bytes.append(UInt8(ascii: ":"))
                if writer.pretty { writer.bytes.append(UInt8(ascii: " ")) }
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func write(
        open: Unicode.Scalar, close: Unicode.Scalar, count: Int, depth: Int,
        item: (inout JSONWriter, Int) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for index in 0..<count {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newline(depth + 1)
            item(&self, index)
        }
        if count > 0 { newline(depth) }
        bytes.append(UInt8(ascii: close))
    }

    private mutating func newline(_ depth: Int) {
        guard pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    /// JSON has no infinity and no NaN; both become `null`, as in ECMAScript's JSON.stringify.
    private mutating func write(_ number: Double) {
        guard number.isFinite else {
            bytes += "null".utf8
            return
        }
        if let whole = Int64(exactly: number), abs(number) < 1e15 {
            bytes += String(whole).utf8
            bytes += ".0".utf8
        } else {
            bytes += number.description.utf8
        }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { Self.escape(UnsafeRawBufferPointer($0), into: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds UTF-8 as it stands between the quotation marks of a JSON string. Byte by byte, so that different bytes stay different,
    /// also where they are no UTF-8.
    package static func escape(_ text: UnsafeRawBufferPointer, into bytes: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\r"): bytes += "\\r".utf8
            case UInt8(ascii: "\t"): bytes += "\\t".utf8
            case 0..<0x20, 0x7F:
                bytes += "\\u00".utf8
                bytes.append(hex[Int(byte >> 4)])
                bytes.append(hex[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
    }

    private static let hex = Array("0123456789abcdef".utf8)
}

extension JSON {
    /// JSON text on one line.
    package var text: String { String(decoding: JSONWriter.bytes(self), as: UTF8.self) }
    /// JSON text indented by two spaces.
    package var prettyText: String { String(decoding: JSONWriter.bytes(self, pretty: true), as: UTF8.self) }
}
