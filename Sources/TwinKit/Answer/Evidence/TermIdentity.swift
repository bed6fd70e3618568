/// A term as a number: the 64-bit FNV-1a hash of its bytes (Fowler, Noll and Vo, draft-eastlake-fnv). Evidence compares
/// thousands of words with a dozen terms of a question; among a few thousand words two with one hash are not to be expected.
struct TermIdentity: Hashable, Sendable {
    private let hash: UInt64

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        self.hash = hash
    }

    init(_ term: String) {
        var term = term
        self = term.withUTF8 { TermIdentity($0) }
    }
}
