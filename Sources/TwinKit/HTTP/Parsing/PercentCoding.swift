import TwinSupport

/// Percent-encoding (RFC 3986 section 2.1) and the two places a request uses it: the path, where it must be right, and
/// `application/x-www-form-urlencoded` text, where a stray `%` stands for itself (WHATWG URL section 5.1).
enum PercentCoding {
    /// The bytes that strictly encoded text stands for; none if a `%` is not followed by two hexadecimal digits.
    static func decodeStrictly(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, let high = HTTPByte.hexadecimal(bytes[index + 1]),
                    let low = HTTPByte.hexadecimal(bytes[index + 2])
                else { return nil }
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(byte)
                index += 1
            }
        }
        return result
    }

    /// The text a name or value of form data stands for; `+` is a space and bytes that are not UTF-8 become U+FFFD.
    static func decodeForm(_ bytes: UnsafeRawBufferPointer) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = HTTPByte.hexadecimal(bytes[index + 1]),
                let low = HTTPByte.hexadecimal(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Encodes all but the unreserved characters of RFC 3986 section 2.3, so the result can stand in a path or a query.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Why a path is refused. Dot segments have no business in a request (RFC 3986 section 5.2.4 has clients remove
    /// them); refusing them here means no handler ever meets one.
    static func problem(inPath path: UnsafeRawBufferPointer) -> String? {
        var start = 0
        for index in 0...path.count where index == path.count || path[index] == UInt8(ascii: "/") {
            defer { start = index + 1 }
            let segment = path.part(start, index)
            guard segment.contains(UInt8(ascii: "%")) else {
                if segment.matches(".") || segment.matches("..") { return "The path has a dot segment" }
                continue
            }
            guard let decoded = decodeStrictly(segment) else { return "The path has a broken percent-encoding" }
            if decoded.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "The path has a control character" }
            if String(validating: decoded, as: UTF8.self) == nil { return "The path is not UTF-8" }
            if decoded.elementsEqual(".".utf8) || decoded.elementsEqual("..".utf8) {
                return "The path has a dot segment"
            }
        }
        return nil
    }
}
