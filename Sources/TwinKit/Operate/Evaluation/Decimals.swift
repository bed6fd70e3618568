/// Numbers as they are shown to people.
package enum Decimals {
    /// `value` with `digits` (0...9) decimals, rounded half away from zero; values beyond 10^12 as they are.
    package static func text(_ value: Double, _ digits: Int = 4) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        var scale: Int64 = 1
        for _ in 0..<min(9, max(0, digits)) { scale *= 10 }
        // Beyond 2^53 the scaled value has no fraction left to round.
        let scaled = (abs(value) * Double(scale)).rounded()
        guard scaled < 9e18 else { return "\(value)" }
        let whole = Int64(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        let fraction = String(whole % scale)
        return "\(sign)\(whole / scale)." + String(repeating: "0", count: max(0, min(9, digits) - fraction.count)) + fraction
    }
}
