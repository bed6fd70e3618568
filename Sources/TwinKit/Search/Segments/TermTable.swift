import TwinSupport

/// Distinct byte strings of at most 255 bytes, numbered from 0 in the order of their first appearance.
struct TermTable {
    private struct Entry {
        /// The first eight bytes, so that short keys are compared without a look at `bytes`.
        var prefix: UInt64
        var offset: UInt32
        var length: UInt32
        var hash: UInt32
        var value: UInt32
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Entry number + 1 in the low half, hash in the high half; 0 is free. The size is a power of two.
    private var slots: [UInt64]
    private var mask: Int

    init(capacity: Int = 1 << 12) {
        mask = capacity - 1
        slots = Array(repeating: 0, count: capacity)
        // Reads of eight bytes may reach beyond the last entry.
        bytes.reserveCapacity(1 << 16)
    }

    var count: Int { entries.count }
    var byteCount: Int { bytes.count + entries.count * MemoryLayout<Entry>.stride + slots.count * 8 }

    /// The number of `key`, and whether it is new. Eight bytes from each multiple of eight below its length must be readable.
    @inline(__always)
    mutating func insert(_ key: UnsafePointer<UInt8>, count: Int) -> (number: Int, isNew: Bool) {
        let (hash, prefix) = Self.hash(key, count: count)
        var index = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots[index]
            if slot == 0 { break }
            if UInt32(truncatingIfNeeded: slot >> 32) == hash {
                let number = Int(UInt32(truncatingIfNeeded: slot)) - 1
                let entry = entries[number]
                if entry.prefix == prefix, Int(entry.length) == count,
                    count <= 8 || isEqual(key, count: count, at: Int(entry.offset))
                {
                    return (number, false)
                }
            }
            index = (index + 1) & mask
        }
        return (add(key, count: count, hash: hash, prefix: prefix, slot: index), true)
    }

    /// What the caller keeps with a key; 0 at first.
    @inline(__always)
    func value(of number: Int) -> Int { Int(entries[number].value) }

    mutating func setValue(_ value: Int, of number: Int) { entries[number].value = UInt32(truncatingIfNeeded: value) }

    private func isEqual(_ key: UnsafePointer<UInt8>, count: Int, at offset: Int) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            for index in 8..<count where buffer[offset &+ index] != key[index] { return false }
            return true
        }
    }

    private mutating func add(_ key: UnsafePointer<UInt8>, count: Int, hash: UInt32, prefix: UInt64, slot: Int) -> Int {
        entries.append(Entry(prefix: prefix, offset: UInt32(bytes.count), length: UInt32(count), hash: hash, value: 0))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key, count: count))
        slots[slot] = UInt64(hash) << 32 | UInt64(entries.count)
        if entries.count * 2 > slots.count { grow() }
        return entries.count - 1
    }

    private mutating func grow() {
        let size = slots.count * 2
        mask = size - 1
        slots = Array(repeating: 0, count: size)
        for (number, entry) in entries.enumerated() {
            var index = Int(entry.hash) & mask
            while slots[index] != 0 { index = (index + 1) & mask }
            slots[index] = UInt64(entry.hash) << 32 | UInt64(number + 1)
        }
    }

    /// Multiply and fold over words of eight bytes; with it the first of these words. Collisions cost time only: with 32 bits
    /// of a fixed function somebody could craft them, at the cost of their own indexing.
    @inline(__always)
    private static func hash(_ key: UnsafePointer<UInt8>, count: Int) -> (hash: UInt32, prefix: UInt64) {
        var state: UInt64 = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        var prefix: UInt64 = 0
        var offset = 0
        let raw = UnsafeRawPointer(key)
        while offset < count {
            var word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let left = count &- offset
            if left < 8 { word &= (1 &<< UInt64(truncatingIfNeeded: left &* 8)) &- 1 }
            if offset == 0 { prefix = word }
            state = (state ^ word) &* 0xD6E8_FEB8_6659_FD93
            state ^= state &>> 32
            offset &+= 8
        }
        return (UInt32(truncatingIfNeeded: state ^ (state &>> 29)), prefix)
    }

    func withBytes<Result>(of number: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        let entry = entries[number]
        return try bytes.withUnsafeBufferPointer {
            try body(UnsafeBufferPointer(rebasing: $0[Int(entry.offset)..<Int(entry.offset) + Int(entry.length)]))
        }
    }

    /// The numbers in the ascending order of their bytes.
    func sorted() -> [Int] {
        // Eight bytes, compared as a number with the first of them on top, decide nearly always.
        var keys = entries.enumerated().map { number, entry in (prefix: entry.prefix.byteSwapped, number: number) }
        keys.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            return withBytes(of: left.number) { leftBytes in
                withBytes(of: right.number) { rightBytes in leftBytes.lexicographicallyPrecedes(rightBytes) }
            }
        }
        return keys.map(\.number)
    }
}
