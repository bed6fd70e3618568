import Dispatch
import TwinKit
import TwinSupport

/// `twin-benchmark AREA …`: measures a part of the product. It is not part of the product itself.
@main
struct Main {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "search": try SearchBenchmark.run(Array(arguments.dropFirst()))
        case "http": try ServerBenchmark.run(Array(arguments.dropFirst()))
        case "access": try AuthenticatorBenchmark.run(Array(arguments.dropFirst()))
        case "answers": try AnswerBenchmark.run(Array(arguments.dropFirst()))
        default:
            print(
                "usage: twin-benchmark answers FOLDER [COUNT] | search corpus|index|query|fts5 … | http serve PORT | access DATABASE"
            )
        }
    }
}

/// Runs of something, in nanoseconds.
struct Timings {
    private(set) var values: [UInt64] = []

    mutating func measure<Value>(_ body: () throws -> Value) rethrows -> Value {
        let start = DispatchTime.now().uptimeNanoseconds
        defer { values.append(DispatchTime.now().uptimeNanoseconds - start) }
        return try body()
    }

    /// In milliseconds; `fraction` is 0.5 for the median.
    func percentile(_ fraction: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[min(Int(Double(sorted.count) * fraction), sorted.count - 1)]) / 1e6
    }
}

extension Double {
    /// With this number of digits after the point.
    func rounded(_ digits: Int) -> String {
        let factor = (0..<digits).reduce(1.0) { value, _ in value * 10 }
        let number = Int((self * factor).rounded())
        let whole = "\(number / Int(factor))"
        guard digits > 0 else { return whole }
        let rest = "\(number % Int(factor))"
        return whole + "." + String(repeating: "0", count: digits - rest.count) + rest
    }
}
