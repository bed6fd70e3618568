/// The field lines of a request: one copy of the bytes as they came, and where each name and value lies in it. Text is
/// made only of what is asked for.
package struct HeaderFields: Sendable {
    /// Offsets into the bytes; a head is limited to 65,535 bytes, so each fits 16 bits.
    struct Entry: Sendable {
        var name: UInt16
        var nameCount: UInt16
        var value: UInt16
        var valueCount: UInt16
    }

    let storage: [UInt8]
    let entries: [Entry]

    init(storage: [UInt8], entries: [Entry]) {
        self.storage = storage
        self.entries = entries
    }

    package var count: Int { entries.count }

    /// The value of the first field with this name, in any case; bytes that are not UTF-8 become U+FFFD.
    package subscript(name: String) -> String? {
        storage.withUnsafeBytes { bytes in
            for entry in entries where Self.matches(entry, name, bytes) { return Self.text(bytes, entry.value, entry.valueCount) }
            return nil
        }
    }

    /// The values of all fields with this name, in the order they came.
    package func all(_ name: String) -> [String] {
        storage.withUnsafeBytes { bytes in
            entries.filter { Self.matches($0, name, bytes) }.map { Self.text(bytes, $0.value, $0.valueCount) }
        }
    }

    /// The members of a comma-separated list field over all its lines (RFC 9110 section 5.6.1), without empty ones.
    package func members(_ name: String) -> [String] {
        all(name).flatMap { $0.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)).trimmingSpace() } }
            .filter { !$0.isEmpty }
    }

    /// Every field in the order it came.
    package var list: [HeaderField] {
        storage.withUnsafeBytes { bytes in
            entries.map {
                HeaderField(Self.text(bytes, $0.name, $0.nameCount), Self.text(bytes, $0.value, $0.valueCount))
            }
        }
    }

    private static func matches(_ entry: Entry, _ name: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard Int(entry.nameCount) == name.utf8.count else { return false }
        let start = Int(entry.name)
        return bytes.part(start, start + Int(entry.nameCount)).matchesIgnoringCase(name.utf8)
    }

    private static func text(_ bytes: UnsafeRawBufferPointer, _ start: UInt16, _ count: UInt16) -> String {
        String(decoding: bytes.part(Int(start), Int(start) + Int(count)), as: UTF8.self)
    }
}
