#if canImport(Glibc)
    import Glibc
#endif

/// What tests make their data up from (SplitMix64, Steele, Lea and Flood 2014). Where the environment has TEST_SEED, as in the continuous
/// integration, it is the same in each run; else each run begins with another seed, which it prints, so that a failure can be had again.
public struct TestRandom: RandomNumberGenerator, Sendable {
    public static let seed: UInt64 = {
        if let given = getenv("TEST_SEED").flatMap({ UInt64(String(cString: $0)) }) { return given }
        let made = UInt64.random(in: .min ... .max)
        print("TEST_SEED=\(made) makes the same data up again")
        return made
    }()

    private var state: UInt64

    /// - Parameter variant: another number for other data from the same seed.
    public init(_ variant: Int = 0) { state = Self.seed &+ UInt64(truncatingIfNeeded: variant) &* 0xD1B5_4A32_D192_ED03 }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
