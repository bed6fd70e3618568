import TwinHTTP
import TwinKnowledge
import TwinSupport

/// How well the extraction does on a set: names untyped and exact, relations and aliases among the set's own names.
package struct GraphEvaluation: Sendable {
    /// What was found, what of it is right, and what there is to find.
    package struct Count: Sendable, Equatable {
        package var right = 0
        package var found = 0
        package var known = 0

        /// What is right of what was found, 0...1; 0 where nothing was.
        package var precision: Double { found == 0 ? 0 : Double(right) / Double(found) }
        /// What was found of what there is, 0...1; 0 where there is nothing.
        package var recall: Double { known == 0 ? 0 : Double(right) / Double(known) }
        /// The harmonic mean of both, 0...1.
        package var f1: Double { right == 0 ? 0 : 2 * precision * recall / (precision + recall) }
    }

    package private(set) var set: String
    package private(set) var content: GraphSet.Content
    package private(set) var documentCount = 0
    package private(set) var names = Count()
    package private(set) var relations = Count()
    package private(set) var aliases = Count()
    /// Statements found among those there are; false alarms among texts that state nothing.
    package private(set) var statements = Count()
    package private(set) var unstated = 0
    package private(set) var falseAlarms = 0
    /// Bytes of text a second of a whole extraction on one core.
    package private(set) var bytesPerSecond = 0.0

    package init(_ set: GraphSet) {
        self.set = set.name
        content = set.content
        documentCount = set.documents.count
        var nanoseconds: UInt64 = 0
        var bytes = 0
        for document in set.documents {
            var text = document.text
            text.withUTF8 { buffer in
                let start = Clock.monotonicNanoseconds
                _ = Extraction(buffer)
                nanoseconds += Clock.monotonicNanoseconds - start
                bytes += buffer.count
                measure(document, buffer)
            }
        }
        bytesPerSecond = nanoseconds == 0 ? 0 : Double(bytes) * 1e9 / Double(nanoseconds)
    }

    private mutating func measure(_ document: GraphSet.Document, _ bytes: UnsafeBufferPointer<UInt8>) {
        if let isStated = document.isStated {
            let isFound = !ExtractionRules.statements(in: bytes).isEmpty
            statements.known += isStated ? 1 : 0
            unstated += isStated ? 0 : 1
            statements.right += isStated && isFound ? 1 : 0
            statements.found += isFound ? 1 : 0
            falseAlarms += !isStated && isFound ? 1 : 0
            return
        }
        let found = Set(ExtractionRules.names(in: bytes).map(\.range)).subtracting(document.ignored)
        let known = Set(document.names.map(\.range))
        names.found += found.count
        names.known += known.count
        names.right += found.intersection(known).count
        let given = document.names.map { NameSpan(range: $0.range, type: $0.type) }
        if content == .relations {
            let told = Set(
                ExtractionRules.relations(among: given, in: bytes).compactMap { relation -> GraphSet.KnownRelation? in
                    guard case .name(let object) = relation.object, Self.measured.contains(relation.predicate) else { return nil }
                    return GraphSet.KnownRelation(subject: relation.subject, predicate: relation.predicate, object: object)
                })
            relations.found += told.count
            relations.known += document.relations.count
            relations.right += told.intersection(document.relations).count
        }
        if content == .aliases {
            let told = Self.pairs(given, ExtractionRules.things(named: given, in: bytes), bytes)
            let right = Self.pairs(given, document.names.map { $0.thing ?? 0 }, bytes)
            aliases.found += told.count
            aliases.known += right.count
            aliases.right += told.intersection(right).count
        }
    }

    private static let measured: Set<Predicate> = [.worksFor, .livesIn, .basedIn, .locatedIn, .killed]

    /// The pairs of different names that name one thing. Names that differ in case, articles and punctuation alone are one.
    private static func pairs(_ names: [NameSpan], _ things: [Int], _ bytes: UnsafeBufferPointer<UInt8>) -> Set<[String]> {
        var byThing: [Int: Set<String>] = [:]
        for (name, thing) in zip(names, things) {
            let key = Extraction.key(String(decoding: bytes[name.range], as: UTF8.self)).filter { $0.isLetter || $0.isNumber }
            if !key.isEmpty { byThing[thing, default: []].insert(key) }
        }
        var pairs: Set<[String]> = []
        for keys in byThing.values {
            let keys = keys.sorted()
            for (index, first) in keys.enumerated() {
                for second in keys.dropFirst(index + 1) { pairs.insert([first, second]) }
            }
        }
        return pairs
    }
}

extension GraphEvaluation: JSONRepresentable {
    /// What was measured, by name, in the order in which it is shown.
    package var measures: [(name: String, value: Double)] {
        var measures: [(String, Double)] = []
        if names.known > 0 {
            measures += [("name_precision", names.precision), ("name_recall", names.recall), ("name_f1", names.f1)]
        }
        if content == .relations {
            measures += [("relation_precision", relations.precision), ("relation_recall", relations.recall)]
        }
        if content == .aliases { measures += [("alias_precision", aliases.precision), ("alias_recall", aliases.recall)] }
        if content == .statements {
            measures += [
                ("statement_recall", statements.recall),
                ("false_alarms", unstated == 0 ? 0 : Double(falseAlarms) / Double(unstated)),
            ]
        }
        return measures
    }

    package var json: JSON {
        var object: JSONObject = [
            "set": .string(set), "layout": .string(content.rawValue), "documents": .number(documentCount),
        ]
        for (name, value) in measures { object[name] = .double((value * 10_000).rounded() / 10_000) }
        object["megabytes_per_second"] = .double((bytesPerSecond / 100_000).rounded() / 10)
        return .object(object)
    }
}
