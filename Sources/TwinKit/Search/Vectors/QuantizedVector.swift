/// A direction as whole numbers from -127 to 127 with one scale, a quarter of the size of the floats that it stands for. The
/// cosine of two of them differs from the true one by less than a hundredth for vectors of embedding models.
struct QuantizedVector: Equatable {
    /// What a number is multiplied with to give the component of the unit vector.
    var scale: Float
    var values: [Int8]

    /// The direction of `vector`. None for one that has none: zero, or with a component that is not finite.
    init?(_ vector: [Float]) {
        // In Double, so that neither tiny nor huge components lose the length.
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let largest = Double(vector.reduce(0) { max($0, abs($1)) })
        guard length.isFinite, length > 0, largest > 0 else { return nil }
        scale = Float(largest / length / 127)
        values = vector.map { Int8((Double($0) / largest * 127).rounded()) }
    }

    /// The cosine of the angle between the two directions, about -1...1.
    func cosine(_ other: QuantizedVector) -> Double {
        guard values.count == other.values.count else { return 0 }
        let product = values.withUnsafeBytes { left in
            other.values.withUnsafeBytes { right -> Int32 in
                guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
                return Self.dotProduct(left, right, count: values.count)
            }
        }
        return Double(product) * Double(scale) * Double(other.scale)
    }

    /// The sum of the products of `count` signed bytes at each address, none of them -128. Exact for up to 131,072 of them.
    @inline(__always)
    static func dotProduct(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, count: Int) -> Int32 {
        var sums = SIMD8<Int32>()
        var index = 0
        while index &+ 16 <= count {
            let first = SIMD16<Int16>(truncatingIfNeeded: left.loadUnaligned(fromByteOffset: index, as: SIMD16<Int8>.self))
            let second = SIMD16<Int16>(truncatingIfNeeded: right.loadUnaligned(fromByteOffset: index, as: SIMD16<Int8>.self))
            let products = first &* second
            // Two products of at most 127² fit into 16 bits; more do not.
            sums &+= SIMD8<Int32>(truncatingIfNeeded: products.evenHalf &+ products.oddHalf)
            index &+= 16
        }
        var sum = sums.wrappedSum()
        while index < count {
            let first = left.load(fromByteOffset: index, as: Int8.self)
            let second = right.load(fromByteOffset: index, as: Int8.self)
            sum &+= Int32(first) &* Int32(second)
            index &+= 1
        }
        return sum
    }
}
