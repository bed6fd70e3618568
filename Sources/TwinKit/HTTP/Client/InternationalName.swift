import TwinSupport

/// Names of hosts in letters of any script, and the ASCII form in which the Domain Name System and browsers have them: the label
/// in Punycode (RFC 3492) behind `xn--` (RFC 5891).
package enum InternationalName {
    private static let maximumLength = 253
    private static let maximumLabel = 63
    private static let prefix = "xn--"

    /// The name in lower case and in ASCII, without a final dot; none for what is no name of a host.
    package static func ascii(_ name: String) -> String? {
        // The other full stops that IDNA knows (RFC 3490 section 3.1).
        let labels = name.lowercased().split(omittingEmptySubsequences: false) { ".\u{3002}\u{FF0E}\u{FF61}".contains($0) }
        var result: [String] = []
        for label in labels {
            guard let ascii = label.utf8.allSatisfy({ $0 < 0x80 }) ? String(label) : encoded(label),
                (1...maximumLabel).contains(ascii.utf8.count), ascii.first != "-", ascii.last != "-",
                ascii.utf8.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") })
            else { return nil }
            result.append(ascii)
        }
        let ascii = result.joined(separator: ".")
        return ascii.utf8.count <= maximumLength ? ascii : nil
    }

    private static func encoded(_ label: Substring) -> String? {
        let scalars = composed(label)
        guard
            scalars.allSatisfy({ scalar in
                scalar.isASCII
                    ? UInt8(scalar.value).isAlphanumeric || scalar == "-"
                    : scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || [.nonspacingMark, .spacingMark].contains(scalar.properties.generalCategory)
            })
        else { return nil }
        return punycode(scalars).map { prefix + $0 }
    }

    /// Letters with their marks as one scalar where there is one: the same name written in two ways is one name. Equal strings of
    /// Swift are canonically equivalent, so a composed spelling is found by trying the scalars that decompose to it.
    private static func composed(_ label: Substring) -> [Unicode.Scalar] {
        label.flatMap { character -> [Unicode.Scalar] in
            let scalars = Array(character.unicodeScalars)
            guard scalars.count > 1 else { return scalars }
            for range in [0xC0...0x24F, 0x370...0x4FF, 0x1E00...0x1FFF, 0x3040...0x30FF, 0xAC00...0xD7A3] {
                for value in range {
                    guard let scalar = Unicode.Scalar(UInt32(value)), Character(scalar) == character else { continue }
                    return [scalar]
                }
            }
            return scalars
        }
    }

    // MARK: Punycode (RFC 3492 section 6.3)

    private static let (base, tMin, tMax, skew, damp, initialBias, initialN) = (36, 1, 26, 38, 700, 72, 128)

    private static func punycode(_ scalars: [Unicode.Scalar]) -> String? {
        var output = scalars.filter(\.isASCII).map { Character($0) }
        let basicCount = output.count
        var handled = basicCount
        if basicCount > 0 { output.append("-") }
        var (n, delta, bias) = (initialN, 0, initialBias)
        while handled < scalars.count {
            guard let next = scalars.map({ Int($0.value) }).filter({ $0 >= n }).min() else { return nil }
            delta += (next - n) * (handled + 1)
            n = next
            for scalar in scalars {
                if scalar.value < n { delta += 1 }
                guard scalar.value == n else { continue }
                var q = delta
                var k = base
                while true {
                    let threshold = k <= bias ? tMin : k >= bias + tMax ? tMax : k - bias
                    if q < threshold { break }
                    output.append(digit(threshold + (q - threshold) % (base - threshold)))
                    q = (q - threshold) / (base - threshold)
                    k += base
                }
                output.append(digit(q))
                bias = adapted(delta, handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return String(output)
    }

    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / count
        var k = 0
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + skew)
    }

    /// a to z are 0 to 25, 0 to 9 are 26 to 35.
    private static func digit(_ value: Int) -> Character {
        Character(Unicode.Scalar(UInt8(value < 26 ? 97 + value : 22 + value)))
    }
}
