import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSearch

@Suite struct QuantizedVectorTests {
    /// The definition, in Double.
    static func cosine(_ left: [Float], _ right: [Float]) -> Double {
        var product = 0.0
        var lengths = (0.0, 0.0)
        for (a, b) in zip(left, right) {
            product += Double(a) * Double(b)
            lengths.0 += Double(a) * Double(a)
            lengths.1 += Double(b) * Double(b)
        }
        return product / (lengths.0.squareRoot() * lengths.1.squareRoot())
    }

    static func random(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    @Test func `the product of bytes is exact at every length`() {
        let seed = TestRandom.seed
        var generator = SeededGenerator(seed: seed)
        for count in Array(0...70) + [127, 384, 768, 1000, 1536] {
            for extreme in [false, true] {
                let left = (0..<count).map { _ in extreme ? Int8(127) : Int8.random(in: -127...127, using: &generator) }
                let right = (0..<count).map { _ in extreme ? Int8(-127) : Int8.random(in: -127...127, using: &generator) }
                let expected = zip(left, right).reduce(0) { $0 + Int($1.0) * Int($1.1) }
                let found = left.withUnsafeBufferPointer { l in
                    right.map { Int16($0) }.withUnsafeBufferPointer { r -> Int32 in
                        guard let l = l.baseAddress, let r = r.baseAddress else { return 0 }
                        return QuantizedVector.dotProduct(l, r, count: count)
                    }
                }
                #expect(Int(found) == expected, "\(count), seed \(seed)")
            }
        }
    }

    @Test func `the cosine differs from the true one by less than a hundredth`() throws {
        let seed = TestRandom.seed
        var generator = SeededGenerator(seed: seed)
        for count in [64, 384, 768, 1536] {
            for _ in 0..<50 {
                let left = Self.random(count, &generator)
                // Some pairs are near each other, as those that matter are.
                let noise = Float.random(in: 0...1, using: &generator)
                let right = zip(left, Self.random(count, &generator)).map { $0 * (1 - noise) + $1 * noise }
                let first = try #require(QuantizedVector(left))
                let second = try #require(QuantizedVector(right))
                #expect(abs(first.cosine(second) - Self.cosine(left, right)) < 0.01, "seed \(seed)")
                #expect(abs(first.cosine(first) - 1) < 0.01)
            }
        }
    }

    @Test func `length does not matter, neither tiny nor huge`() throws {
        let vector: [Float] = [1, -2, 3, 0.5]
        for factor: Float in [1e-38, 1e-20, 1, 1e20, 1e37] {
            let scaled = try #require(QuantizedVector(vector.map { $0 * factor }))
            #expect(abs(scaled.cosine(try #require(QuantizedVector(vector))) - 1) < 0.01, "\(factor)")
        }
    }

    @Test(arguments: [[], [0, 0], [.nan, 1], [.infinity, 1], [-.infinity]] as [[Float]])
    func `what has no direction has no quantised form`(vector: [Float]) { #expect(QuantizedVector(vector) == nil) }
}
