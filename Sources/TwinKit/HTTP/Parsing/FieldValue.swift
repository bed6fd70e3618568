import TwinSupport

/// A field value with parameters (RFC 9110 section 5.6.6), such as `form-data; name="file"; filename="a.txt"`.
struct FieldValue: Sendable, Equatable {
    var value: String
    var parameters: [(name: String, value: String)] = []

    static func == (left: FieldValue, right: FieldValue) -> Bool {
        left.value == right.value && left.parameters.elementsEqual(right.parameters) { $0 == $1 }
    }

    /// None for text that does not follow the grammar, or that gives a parameter twice.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        var index = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        value = String(decoding: bytes[..<index], as: UTF8.self).trimmingSpace()
        while index < bytes.count {
            index += 1
            while index < bytes.count, HTTPByte.isSpace(bytes[index]) { index += 1 }
            if index == bytes.count { break }
            let start = index
            while index < bytes.count, HTTPByte.isToken(bytes[index]) { index += 1 }
            let name = String(decoding: bytes[extent(start, index)], as: UTF8.self).lowercased()
            guard !name.isEmpty, index < bytes.count, bytes[index] == UInt8(ascii: "="), self[name] == nil else {
                return nil
            }
            index += 1
            guard let value = Self.value(bytes, &index) else { return nil }
            parameters.append((name, value))
            while index < bytes.count, HTTPByte.isSpace(bytes[index]) { index += 1 }
            guard index == bytes.count || bytes[index] == UInt8(ascii: ";") else { return nil }
        }
    }

    subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    private static func value(_ bytes: [UInt8], _ index: inout Int) -> String? {
        var result: [UInt8] = []
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            while index < bytes.count, bytes[index] != UInt8(ascii: ";"), !HTTPByte.isSpace(bytes[index]) {
                result.append(bytes[index])
                index += 1
            }
            return String(decoding: result, as: UTF8.self)
        }
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: result, as: UTF8.self) }
            // Browsers leave a backslash in a file name as it is and write a quote as %22, so only an escaped quote or
            // backslash is unescaped.
            if byte == UInt8(ascii: "\\"), index < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(bytes[index]) {
                result.append(bytes[index])
                index += 1
            } else {
                result.append(byte)
            }
        }
        return nil
    }
}
