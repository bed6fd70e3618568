import Synchronization

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Numbers of a running server in Prometheus' text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
///
/// A family is registered once and handed out as a value that is cheap to count with: one short lock, and none of another
/// family. The number of label combinations is bounded: what comes beyond is counted under `other`, so that no caller can
/// fill the memory with names.
package final class Counters: Sendable {
    /// Label combinations of one family at the most.
    static let maximumSeries = 512

    private let families = Mutex<[any Family]>([])

    package init() {}

    /// The content type of what `render` answers.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A number that only grows.
    package func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
        add(Counter(name: name, help: help, labels: labels))
    }

    /// A number that is asked for when it is shown. None leaves the family out.
    package func gauge(_ name: String, _ help: String, _ value: @escaping @Sendable () -> Double?) {
        gauge(name, help, label: nil) { value().map { [("", $0)] } ?? [] }
    }

    /// A number for each value of a label, asked for when it is shown.
    package func gauge(
        _ name: String, _ help: String, label: String?, _ values: @escaping @Sendable () -> [(label: String, value: Double)]
    ) {
        _ = add(Gauge(name: name, help: help, label: label, values: values))
    }

    /// How values are spread over buckets with these upper bounds, in ascending order.
    package func histogram(_ name: String, _ help: String, buckets: [Double], labels: [String] = []) -> Histogram {
        add(Histogram(name: name, help: help, buckets: buckets, labels: labels))
    }

    private func add<Added: Family>(_ family: Added) -> Added {
        families.withLock { $0.append(family) }
        return family
    }

    /// All families in the order of their registration.
    package func render() -> String {
        var text = ""
        for family in families.withLock({ $0 }) {
            let samples = family.samples()
            guard !samples.isEmpty else { continue }
            text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n# TYPE \(family.name) \(family.type)\n"
            for sample in samples {
                text += family.name + sample.suffix + Self.labels(sample.labels) + " " + Self.number(sample.value) + "\n"
            }
        }
        return text
    }

    // MARK: Families

    struct Sample {
        var suffix = ""
        var labels: [(name: String, value: String)]
        var value: Double
    }

    protocol Family: Sendable {
        var name: String { get }
        var help: String { get }
        var type: String { get }
        func samples() -> [Sample]
    }

    /// A number for each combination of labels; it only grows and begins at 0 with the process. Any thread may count.
    package final class Counter: Family {
        let name: String
        let help: String
        let type = "counter"
        private let labels: [String]
        private let series: Mutex<Series<Double>>

        init(name: String, help: String, labels: [String]) {
            self.name = name
            self.help = help
            self.labels = labels
            // Without labels there is one number, which is 0 before the first count.
            series = Mutex(Series(labels.isEmpty ? [[]: 0] : [:]))
        }

        /// Adds to the number with these label values, in the order of the labels' names.
        package func add(_ amount: Double = 1, _ values: String...) {
            guard amount >= 0 else { return }
            series.withLock { $0.update(values, labels.count, 0) { $0 += amount } }
        }

        func samples() -> [Sample] {
            series.withLock { $0.sorted }.map { Sample(labels: Array(zip(labels, $0.labels)), value: $0.value) }
        }
    }

    final class Gauge: Family {
        let name: String
        let help: String
        let type = "gauge"
        private let label: String?
        private let values: @Sendable () -> [(label: String, value: Double)]

        init(name: String, help: String, label: String?, values: @escaping @Sendable () -> [(label: String, value: Double)]) {
            self.name = name
            self.help = help
            self.label = label
            self.values = values
        }

        func samples() -> [Sample] {
            values().prefix(Counters.maximumSeries).map { entry in
                Sample(labels: label.map { [($0, entry.label)] } ?? [], value: entry.value)
            }
        }
    }

    /// Values counted by how large they are, for each combination of labels. Any thread may observe.
    package final class Histogram: Family {
        let name: String
        let help: String
        let type = "histogram"
        private let bounds: [Double]
        private let labels: [String]

        private struct Spread {
            /// One more than there are bounds: the last is for what is above all of them.
            var counts: [UInt64]
            var sum = 0.0
        }
        private let series: Mutex<Series<Spread>>

        init(name: String, help: String, buckets: [Double], labels: [String]) {
            self.name = name
            self.help = help
            self.labels = labels
            bounds = buckets
            series = Mutex(Series(labels.isEmpty ? [[]: Spread(counts: Array(repeating: 0, count: buckets.count + 1))] : [:]))
        }

        /// Counts a value under these label values, in the order of the labels' names.
        package func observe(_ value: Double, _ values: String...) {
            guard value.isFinite else { return }
            let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
            series.withLock { series in
                series.update(values, labels.count, Spread(counts: Array(repeating: 0, count: bounds.count + 1))) { spread in
                    spread.counts[bucket] += 1
                    spread.sum += value
                }
            }
        }

        /// Adds values that were spread over the same buckets elsewhere.
        func add(_ counts: [UInt64], sum: Double, _ values: String...) {
            series.withLock { series in
                series.update(values, labels.count, Spread(counts: Array(repeating: 0, count: bounds.count + 1))) { spread in
                    for (bucket, count) in zip(spread.counts.indices, counts) { spread.counts[bucket] += count }
                    spread.sum += sum
                }
            }
        }

        func samples() -> [Sample] {
            series.withLock { $0.sorted }.flatMap { entry in
                let named = Array(zip(labels, entry.labels))
                var total: UInt64 = 0
                var samples: [Sample] = []
                // Buckets are cumulative.
                for (count, bound) in zip(entry.value.counts, bounds.map(Counters.number) + ["+Inf"]) {
                    total += count
                    samples.append(Sample(suffix: "_bucket", labels: named + [("le", bound)], value: Double(total)))
                }
                samples.append(Sample(suffix: "_sum", labels: named, value: entry.value.sum))
                samples.append(Sample(suffix: "_count", labels: named, value: Double(total)))
                return samples
            }
        }
    }

    /// The values of one family by their label values.
    private struct Series<Value: Sendable>: Sendable {
        private var values: [[String]: Value]

        init(_ values: [[String]: Value]) { self.values = values }

        /// Changes the value under these labels. Missing label values are empty, surplus ones are left out, and beyond the
        /// bound on combinations all of them are `other`.
        mutating func update(
            _ labels: [String], _ count: Int, _ initial: @autoclosure () -> Value, _ change: (inout Value) -> Void
        ) {
            var key = labels
            if key.count != count { key = Array((labels + Array(repeating: "", count: count)).prefix(count)) }
            if values[key] == nil, values.count >= Counters.maximumSeries { key = Array(repeating: "other", count: count) }
            change(&values[key, default: initial()])
        }

        var sorted: [(labels: [String], value: Value)] {
            values.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { (labels: $0.key, value: $0.value) }
        }
    }

    // MARK: Text

    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    /// Backslash and newline are escaped, in label values the quotation mark too.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    fileprivate static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : String(value)
    }
}
