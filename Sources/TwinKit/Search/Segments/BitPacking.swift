import TwinSupport

/// Packs small numbers into as few bits as the largest of them needs.
///
/// A full block of 128 numbers is laid out in four lanes, number `i` in lane `i % 4`, so that four are unpacked at a time
/// (D. Lemire, L. Boytsov: Decoding billions of integers per second through vectorization, 2015). Fewer numbers are laid
/// out one after the other.
enum BitPacking {
    static let blockSize = 128
    /// So that 128 differences of document numbers cannot overflow 32 bits.
    static let maximumBits = 24

    /// The bytes that `count` numbers of `bits` bits take.
    static func size(count: Int, bits: Int) -> Int { count == blockSize ? 16 * bits : (count * bits + 7) / 8 }

    static func width(of value: UInt32) -> Int { UInt32.bitWidth - value.leadingZeroBitCount }

    /// Appends `values`, each of at most `bits` bits.
    static func pack(_ values: UnsafeBufferPointer<UInt32>, bits: Int, into output: inout [UInt8]) {
        guard bits > 0 else { return }
        if values.count == blockSize {
            for word in 0..<bits {
                for lane in 0..<4 {
                    var packed: UInt32 = 0
                    // The rows that have bits in this word.
                    let first = word * 32 / bits
                    let last = min((word * 32 + 31) / bits, 31)
                    for row in first...last {
                        let shift = row * bits - word * 32
                        let value = values[row * 4 + lane]
                        packed |= shift >= 0 ? value << UInt32(shift) : value >> UInt32(-shift)
                    }
                    output.append32(packed)
                }
            }
        } else {
            var pending: UInt64 = 0
            var used = 0
            for value in values {
                pending |= UInt64(value) << UInt64(used)
                used += bits
                while used >= 8 {
                    output.append(UInt8(truncatingIfNeeded: pending))
                    pending >>= 8
                    used -= 8
                }
            }
            if used > 0 { output.append(UInt8(truncatingIfNeeded: pending)) }
        }
    }

    /// Unpacks `count` numbers, at most 128, to `output`. At least `size(count:bits:)` bytes are readable at `input`, and
    /// eight more, whatever is in them; `bits` is at most 24.
    @inline(__always)
    static func unpack(
        _ input: UnsafeRawPointer, count: Int, bits: Int, to output: UnsafeMutablePointer<UInt32>
    ) {
        if count == blockSize {
            unpackBlock(input, bits: bits, to: output)
        } else {
            let mask = (UInt64(1) &<< UInt64(bits)) &- 1
            var position = 0
            for index in 0..<count {
                let word = input.loadUnaligned(fromByteOffset: position &>> 3, as: UInt64.self)
                output[index] = UInt32(truncatingIfNeeded: (word &>> UInt64(position & 7)) & mask)
                position &+= bits
            }
        }
    }

    private static func unpackBlock(_ input: UnsafeRawPointer, bits: Int, to output: UnsafeMutablePointer<UInt32>) {
        let rows = UnsafeMutableRawPointer(output)
        guard bits > 0 else {
            for row in 0..<32 { rows.storeBytes(of: SIMD4<UInt32>.zero, toByteOffset: row &* 16, as: SIMD4<UInt32>.self) }
            return
        }
        let mask = SIMD4<UInt32>(repeating: (1 &<< UInt32(bits)) &- 1)
        var offset = 0
        var shift = 0
        var word = input.loadUnaligned(as: SIMD4<UInt32>.self)
        for row in 0..<32 {
            var value = word &>> SIMD4<UInt32>(repeating: UInt32(truncatingIfNeeded: shift))
            shift &+= bits
            if shift >= 32 {
                shift &-= 32
                offset &+= 16
                // After the last row there is no further word.
                if row < 31 {
                    word = input.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt32>.self)
                    if shift > 0 { value |= word &<< SIMD4<UInt32>(repeating: UInt32(truncatingIfNeeded: bits &- shift)) }
                }
            }
            rows.storeBytes(of: value & mask, toByteOffset: row &* 16, as: SIMD4<UInt32>.self)
        }
    }
}
