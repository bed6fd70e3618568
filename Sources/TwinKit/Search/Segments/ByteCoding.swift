import TwinSupport

/// Writes the numbers of the index's formats into a growing byte array.
extension [UInt8] {
    /// Seven bits a byte, the lowest first; the high bit says that more follow.
    mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    mutating func appendVarint(_ value: Int) { appendVarint(UInt64(Swift.max(value, 0))) }

    /// A signed number as a varint: 0, -1, 1, -2, … become 0, 1, 2, 3, …
    mutating func appendSigned(_ value: Int64) { appendVarint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func append16(_ value: UInt16) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func append32(_ value: UInt32) {
        for shift in [0, 8, 16, 24] as [UInt32] { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

/// Reads them back from bytes that may be damaged: each read is checked against the end.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset: Int

    init(_ bytes: UnsafeRawBufferPointer, offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var remaining: Int { bytes.count - offset }

    mutating func byte() throws(TwinError) -> UInt8 {
        guard offset < bytes.count else { throw .damagedIndex }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func varint() throws(TwinError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || next < 2 else { throw .damagedIndex }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
            guard shift <= 63 else { throw .damagedIndex }
        }
    }

    /// A varint that must not be larger than `limit`.
    mutating func count(limit: Int) throws(TwinError) -> Int {
        let value = try varint()
        guard value <= UInt64(limit) else { throw .damagedIndex }
        return Int(value)
    }

    mutating func signed() throws(TwinError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func uint16() throws(TwinError) -> UInt16 {
        guard remaining >= 2 else { throw .damagedIndex }
        defer { offset += 2 }
        return UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    mutating func uint32() throws(TwinError) -> UInt32 {
        guard remaining >= 4 else { throw .damagedIndex }
        defer { offset += 4 }
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    mutating func take(_ count: Int) throws(TwinError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else { throw .damagedIndex }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }
}

extension TwinError {
    static var damagedIndex: TwinError {
        TwinError(.failed, "the search index is damaged; rebuild it with 'twin rebuild --index'")
    }
}
