#if canImport(Glibc)
    import Glibc
#endif

/// Bytes that are appended at one end and consumed at the other. It owns its memory alone, so no slice of it can keep it
/// alive, and it gives the memory back when it is empty: an idle connection holds none.
struct ByteBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private var start = 0
    private var end = 0

    deinit { base?.deallocate() }

    var count: Int { end - start }
    var isEmpty: Bool { start == end }

    /// The bytes not consumed yet; valid until the buffer changes.
    var readable: UnsafeRawBufferPointer {
        guard let base, end > start else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: base + start, count: end - start)
    }

    mutating func consume(_ count: Int) {
        start = min(start + count, end)
        if start == end { removeAll() }
    }

    mutating func removeAll() {
        base?.deallocate()
        base = nil
        capacity = 0
        start = 0
        end = 0
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        memcpy(reserve(bytes.count), source, bytes.count)
        end += bytes.count
    }

    mutating func append(_ byte: UInt8) {
        reserve(1).storeBytes(of: byte, as: UInt8.self)
        end += 1
    }

    mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends text of a field's name or value. Control characters, which could end the line and begin another, become
    /// spaces.
    mutating func append(fieldText text: String) {
        var text = text
        text.withUTF8 { bytes in
            let target = reserve(bytes.count)
            for index in bytes.indices {
                let byte = bytes[index]
                target.storeBytes(of: HTTPByte.isFieldContent(byte) ? byte : 0x20, toByteOffset: index, as: UInt8.self)
            }
            end += bytes.count
        }
    }

    mutating func append(decimal number: Int) {
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var rest = number.magnitude
            var index = 20
            repeat {
                index -= 1
                digits[index] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
                rest /= 10
            } while rest > 0
            append(UnsafeRawBufferPointer(rebasing: digits[index...]))
        }
    }

    mutating func append(hexadecimal number: Int) {
        append(String(number, radix: 16))
    }

    /// Gives `fill` room for `count` bytes; it returns how many it wrote.
    mutating func append(upTo count: Int, fill: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
        let written = fill(UnsafeMutableRawBufferPointer(start: reserve(count), count: count))
        end += max(0, min(written, count))
        if start == end { removeAll() }
        return written
    }

    /// Makes room and returns where the next byte goes.
    private mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
        if let base, capacity - end >= count { return base + end }
        let used = end - start
        if let base, capacity - used >= count, start >= used {
            memcpy(base, base + start, used)
            start = 0
            end = used
            return base + end
        }
        let size = max(512, (used + count) * 2)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 1)
        if let base { memcpy(fresh, base + start, used) }
        base?.deallocate()
        base = fresh
        capacity = size
        start = 0
        end = used
        return fresh + used
    }
}
