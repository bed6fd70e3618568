#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The parameters of the ranking function, BM25 over weighted fields
/// (S. Robertson, H. Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond, 2009):
///
///     score = Σ weight · idf · f · (k1 + 1) / (f + k1 · (1 - b + b · length / average length))
///
/// where `f` is the number of occurrences in the body, plus `headingWeight` when the headings have the term and
/// `titleWeight` when the title has it, lengths are those of the bodies in words, and
/// `idf = ln(1 + (N - n + 0.5) / (n + 0.5))` for `n` of `N` documents.
package struct ScoringSettings: Sendable, Hashable {
    /// How slowly further occurrences stop counting, 0...10.
    package var k1: Double
    /// How much long documents are held back, 0...1.
    package var b: Double
    /// What the title counts, in occurrences of the body, 0...100.
    package var titleWeight: Double
    /// What the headings count, in occurrences of the body, 0...100.
    package var headingWeight: Double

    package init(k1: Double = 1.2, b: Double = 0.75, titleWeight: Double = 1, headingWeight: Double = 1) {
        self.k1 = k1
        self.b = b
        self.titleWeight = titleWeight
        self.headingWeight = headingWeight
    }

    /// The same with each value in its range; not-a-number becomes the default.
    var clamped: ScoringSettings {
        func clamp(_ value: Double, _ range: ClosedRange<Double>, _ standard: Double) -> Double {
            value.isNaN ? standard : min(max(value, range.lowerBound), range.upperBound)
        }
        let standard = ScoringSettings()
        return ScoringSettings(
            k1: clamp(k1, 0...10, standard.k1), b: clamp(b, 0...1, standard.b),
            titleWeight: clamp(titleWeight, 0...100, standard.titleWeight),
            headingWeight: clamp(headingWeight, 0...100, standard.headingWeight))
    }

    /// The inverse document frequency of a term that `count` of `documents` documents have.
    package static func inverseDocumentFrequency(count: Int, documents: Int) -> Double {
        log(1 + (Double(documents - count) + 0.5) / (Double(count) + 0.5))
    }
}

/// The ranking function, prepared for a query.
///
/// A term's part of a score is a whole number: the real one times a power of two, rounded. Sums of whole numbers do not
/// depend on the order of the summands, so a score is the same however the index is cut into segments and in whichever
/// order terms are looked at. The arithmetic is monotonic in each step, so the part of the most frequent term in the
/// shortest document is a bound for all of them.
struct ScoringModel {
    /// Parts are below this. Larger whole numbers would not be exact in the addition that rounds.
    private static let partLimit: Float = 4_194_304
    /// Added to a number below, its unit in the last place is 1: the sum's lowest bits are the rounded number.
    static let rounder: Float = 8_388_608
    static let partMask: UInt32 = 1 << 23 - 1

    /// 1 / f for each frequency code.
    let inverseFrequencies: [Float]
    /// `k1 * (1 - b)`, and `k1 * b / average length`.
    let constant: Float
    let perWord: Float
    /// What a real score is multiplied by.
    let scale: Double
    /// The factor of each term, times the scale.
    let weights: [Float]

    /// `weights` are those of the query's terms times their inverse document frequencies.
    init(settings: ScoringSettings, weights: [Double], averageLength: Double) {
        let settings = settings.clamped
        constant = Float(settings.k1 * (1 - settings.b))
        perWord = averageLength > 0 ? Float(settings.k1 * settings.b / averageLength) : 0
        inverseFrequencies = (0..<256).map { code in
            let frequency = TermFrequency(code: UInt8(code))
            let count =
                Double(frequency.body) + (frequency.code & TermFrequency.inTitle != 0 ? settings.titleWeight : 0)
                + (frequency.code & TermFrequency.inHeadings != 0 ? settings.headingWeight : 0)
            // A field of no weight counts as good as nothing, but the document is found.
            return Float(1 / max(count, 1e-9))
        }
        let factors = weights.map { $0 * (settings.k1 + 1) }
        let largest = factors.max() ?? 1
        let exponent = largest > 0 && largest.isFinite ? Int((Double(Self.partLimit) / largest).exponent) : 0
        let scale = Double(sign: .plus, exponent: min(exponent, 60), significand: 1)
        self.scale = scale
        self.weights = factors.map { Float($0 * scale) }
    }

    /// The part of a term, at least 1. The lowest bit is always set, so that a term that is found counts.
    @inline(__always)
    static func part(weight: Float, inverseFrequency: Float, length: Float, constant: Float, perWord: Float) -> UInt32 {
        let saturation = weight / (1 + (constant + perWord * length) * inverseFrequency)
        return ((saturation + rounder).bitPattern & partMask) | 1
    }

    func part(of term: Int, code: UInt8, length: UInt16) -> UInt32 {
        Self.part(
            weight: weights[term], inverseFrequency: inverseFrequencies[Int(code)], length: Float(length), constant: constant,
            perWord: perWord)
    }
}
