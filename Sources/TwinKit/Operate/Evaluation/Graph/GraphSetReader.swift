import TwinKnowledge
import TwinSupport

/// Reads the layouts in which sets of names and relations are given out.
struct GraphSetReader {
    let file: EvaluationFile

    /// A token, a tab and its BIO label a line; an empty line ends a sentence.
    func labelledSentences() throws -> GraphSet {
        var documents: [GraphSet.Document] = []
        var rows: [[Substring]] = []
        for line in lines() {
            if line.allSatisfy(\.isWhitespace) {
                if !rows.isEmpty { documents.append(document(rows, word: 0, label: 1)) }
                rows = []
            } else {
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
                guard fields.count >= 2 else {
                    throw invalid("has a line that is not a token, a tab and a label: \(line.prefix(40))")
                }
                rows.append(fields)
            }
        }
        if !rows.isEmpty { documents.append(document(rows, word: 0, label: 1)) }
        return GraphSet(name: file.name, content: .names, documents: documents)
    }

    /// CoNLL04: `#doc`, then index, token, label, relations of the token and the tokens where their heads end.
    func documentsOfCoNLL04() throws -> GraphSet {
        var documents: [GraphSet.Document] = []
        var rows: [[Substring]] = []
        func finish() throws {
            guard !rows.isEmpty else { return }
            documents.append(try related(rows))
            rows = []
        }
        for line in lines() where !line.allSatisfy(\.isWhitespace) {
            if line.hasPrefix("#doc") {
                try finish()
            } else {
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
                guard fields.count >= 5 else {
                    throw invalid("has a line without the five fields of CoNLL04: \(line.prefix(40))")
                }
                rows.append(fields)
            }
        }
        try finish()
        return GraphSet(name: file.name, content: .relations, documents: documents)
    }

    /// DocRED's JSON: `sents` of words, `vertexSet` of things with their mentions.
    func documentsOfDocRED() throws -> GraphSet {
        let json: JSON
        do {
            json = try file.bytes.withUnsafeBufferPointer { try JSONParser.parse($0) }
        } catch {
            throw invalid("is not JSON: \(error)")
        }
        let documents = try (json.arrayValue ?? []).map { entry in
            let sentences = (entry["sents"]?.arrayValue ?? []).map { ($0.arrayValue ?? []).map { $0.stringValue ?? "" } }
            guard !sentences.isEmpty, let things = entry["vertexSet"]?.arrayValue else {
                throw invalid("is not DocRED's JSON: 'sents' and 'vertexSet' are missing")
            }
            var offsets: [Int] = []
            var count = 0
            for sentence in sentences {
                offsets.append(count)
                count += sentence.count
            }
            let restored = RestoredText(sentences.flatMap { $0 })
            var document = GraphSet.Document(text: restored.text)
            for (number, thing) in things.enumerated() {
                for mention in thing.arrayValue ?? [] {
                    guard let sentence = mention["sent_id"]?.intValue, offsets.indices.contains(sentence),
                        let from = mention["pos"]?[0]?.intValue, let to = mention["pos"]?[1]?.intValue, from < to,
                        restored.ranges.indices.contains(offsets[sentence] + from),
                        restored.ranges.indices.contains(offsets[sentence] + to - 1)
                    else { throw invalid("has a mention outside its sentence") }
                    let range =
                        restored.ranges[offsets[sentence] + from]
                        .lowerBound..<restored.ranges[offsets[sentence] + to - 1].upperBound
                    let label = mention["type"]?.stringValue ?? ""
                    if label == "TIME" || label == "NUM" {
                        document.ignored.insert(range)
                    } else {
                        document.names.append(GraphSet.Name(range: range, type: Self.type(label), thing: number))
                    }
                }
            }
            document.names.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
            return document
        }
        return GraphSet(name: file.name, content: .aliases, documents: documents)
    }

    /// `{"text": "I prefer trains.", "stated": true}` a line.
    func statements() throws -> GraphSet {
        var documents: [GraphSet.Document] = []
        try file.forEachObject { object, line in
            guard let text = object["text"]?.stringValue, let isStated = object["stated"]?.boolValue else {
                throw file.invalid(line, #"needs "text" and "stated", true or false"#)
            }
            var document = GraphSet.Document(text: text)
            document.isStated = isStated
            documents.append(document)
        }
        return GraphSet(name: file.name, content: .statements, documents: documents)
    }

    // MARK: Rows

    private func document(_ rows: [[Substring]], word: Int, label: Int) -> GraphSet.Document {
        let restored = RestoredText(rows.map { String($0[word]) })
        var document = GraphSet.Document(text: restored.text)
        document.names = Self.spans(rows.map { $0[label] }).map { span, type in
            GraphSet.Name(
                range: restored.ranges[span.lowerBound].lowerBound..<restored.ranges[span.upperBound - 1].upperBound, type: type)
        }
        return document
    }

    private func related(_ rows: [[Substring]]) throws -> GraphSet.Document {
        var document = document(rows, word: 1, label: 2)
        var nameOfRow: [Int: Int] = [:]
        for (index, span) in Self.spans(rows.map { $0[2] }).enumerated() {
            for row in span.0 { nameOfRow[row] = index }
        }
        let names: [String: Predicate] = [
            "Work_For": .worksFor, "Live_In": .livesIn, "OrgBased_In": .basedIn, "Located_In": .locatedIn, "Kill": .killed,
        ]
        for (row, fields) in rows.enumerated() {
            let labels = Self.list(fields[3])
            let heads = Self.list(fields[4])
            for (label, head) in zip(labels, heads) {
                guard let predicate = names[label], let end = Int(head), let subject = nameOfRow[row], let object = nameOfRow[end]
                else { continue }
                document.relations.insert(GraphSet.KnownRelation(subject: subject, predicate: predicate, object: object))
            }
        }
        return document
    }

    /// The words of `['Live_In', 'N']` and `[3, 4]`.
    private static func list(_ field: Substring) -> [String] {
        field.split { "[],' \"".contains($0) }.map(String.init)
    }

    /// Ranges of rows that BIO labels make one name, with their types.
    private static func spans(_ labels: [Substring]) -> [(Range<Int>, NameType)] {
        var spans: [(Range<Int>, NameType)] = []
        var index = 0
        while index < labels.count {
            guard labels[index].hasPrefix("B-") else {
                index += 1
                continue
            }
            var end = index + 1
            while end < labels.count, labels[end].hasPrefix("I-") { end += 1 }
            spans.append((index..<end, type(String(labels[index].dropFirst(2)))))
            index = end
        }
        return spans
    }

    private static func type(_ label: String) -> NameType {
        switch label.lowercased() {
        case "per", "peop", "person", "politician", "scientist", "writer", "musicalartist", "researcher": .person
        case "org", "organisation", "organization", "politicalparty", "university", "band": .organization
        case "loc", "location", "country", "gpe": .place
        case "event", "election", "conference": .event
        case "product", "song", "album", "book": .product
        default: .concept
        }
    }

    private func lines() -> [Substring] {
        String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.last == "\r" ? $0.dropLast() : $0 }
    }

    private func invalid(_ message: String) -> TwinError { TwinError(.invalid, "\(file.name) \(message)") }
}
