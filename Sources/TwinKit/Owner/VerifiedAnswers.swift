import TwinDatabase
import TwinReaders
import TwinSupport

/// The owner's own answers as rows: adding, changing and finding them.
package struct VerifiedAnswers: Sendable {
    let database: Database
    /// Gives many questions their vectors; without it they are compared by their letters alone.
    let model: (any EmbeddingModel)?
    /// The same for one question, for which somebody waits.
    let questionModel: (any EmbeddingModel)?

    package init(
        database: Database, model: (any EmbeddingModel)? = nil, questionModel: (any EmbeddingModel)? = nil
    ) {
        self.database = database
        self.model = model
        self.questionModel = questionModel
    }

    /// Bytes of UTF-8 at most.
    package static let maximumQuestionBytes = 4_096
    /// Bytes of UTF-8 at most.
    package static let maximumAnswerBytes = 65_536
    static let maximumCitations = 100

    /// What an owner says: a question, its answer, and where the answer comes from.
    package struct Entry: Sendable, Equatable {
        package var question: String
        package var answer: String
        /// Ids of the twin's sources.
        package var citations: [String]
        package var visibility: VerifiedAnswer.Visibility

        package init(
            question: String, answer: String, citations: [String] = [], visibility: VerifiedAnswer.Visibility = .private
        ) {
            self.question = question
            self.answer = answer
            self.citations = citations
            self.visibility = visibility
        }
    }

    private static let from = "FROM verified_answers v JOIN twins t ON t.key = v.twin_key"

    /// A twin's answers that `clearance` may read, newest first. Removed ones are left out unless asked for.
    package func list(
        of twin: Twin, visibility: VerifiedAnswer.Visibility? = nil, includeRemoved: Bool = false,
        clearance: Clearance, limit: Int = -1
    ) throws -> [VerifiedAnswer] {
        try database.read { connection in
            let answers = try connection.rows(
                """
                SELECT \(VerifiedAnswer.columns) \(Self.from)
                WHERE v.twin_key = ?1 AND (?2 IS NULL OR v.visibility = ?2) AND (?3 OR v.is_active)
                    AND \(Visibility.condition(.verifiedAnswer, "v", for: "?5"))
                ORDER BY v.key DESC LIMIT ?4
                """, twin.key, visibility?.rawValue, includeRemoved, limit, clearance.groupKey(in: twin),
                map: VerifiedAnswer.init)
            return try answers.map { try Self.withAddresses(Self.shown($0, to: clearance, on: connection), on: connection) }
        }
    }

    /// The answered questions that a question comes near to by its letters, best first: the one whose answer it would get, or
    /// those that it would be offered. Only those that `clearance` may get.
    package func matches(_ question: String, of twin: Twin, clearance: Clearance) throws -> [SuggestedQuestion] {
        let match = try database.read { try VerifiedAnswerMatch.find(question, twin: twin, clearance: clearance, on: $0) }
        return ((match.automatic.map { [$0] } ?? []) + match.suggestions).map {
            SuggestedQuestion(id: $0.answer.id, question: $0.answer.question, similarity: $0.similarity, match: $0.match)
        }
    }

    /// The answer without what a group may not read: sources that were not granted to it, and what the answer was before.
    private static func shown(
        _ answer: VerifiedAnswer, to clearance: Clearance, on connection: Connection
    ) throws -> VerifiedAnswer {
        guard let group = clearance.group else { return answer }
        var answer = answer
        answer.patches = []
        answer.citations = try answer.citations.filter { id in
            try connection.first(
                """
                SELECT 1 FROM sources s WHERE s.id = ?2 AND \(Visibility.isGranted(.source, "s", to: "?1"))
                """, group.key, id, map: { _ in true }) != nil
        }
        let citations = Set(answer.citations)
        answer.citationURLs = answer.citationURLs.filter { citations.contains($0.key) }
        return answer
    }

    /// The answer with this id, if `clearance` may read it; for others it does not exist. Removed ones are there for those who
    /// read everything. Throws `TwinError`.
    package func find(_ id: String, clearance: Clearance) throws -> VerifiedAnswer {
        try database.read { connection in
            let answer = try Self.find(id, on: connection)
            guard let group = clearance.group else { return answer }
            let isGranted = try connection.first(
                "SELECT 1 FROM verified_answers v WHERE v.key = ?2 AND \(Visibility.isGranted(.verifiedAnswer, "v", to: "?1"))",
                group.key, answer.key
            ) { _ in true }
            guard isGranted == true, answer.isActive else { throw TwinError(.notFound, "there is no such verified answer") }
            return try Self.shown(answer, to: clearance, on: connection)
        }
    }

    /// The answer with this id, with its history; a removed one too. Throws `TwinError`.
    package func find(_ id: String, tenantID: String? = nil) throws -> VerifiedAnswer {
        try database.read { try Self.find(id, tenantID: tenantID, on: $0) }
    }

    static func find(_ id: String, tenantID: String? = nil, on connection: Connection) throws -> VerifiedAnswer {
        let found = try connection.first(
            "SELECT \(VerifiedAnswer.columns) \(from) WHERE v.id = ?1 AND (?2 IS NULL OR v.tenant_id = ?2)", id, tenantID,
            map: VerifiedAnswer.init)
        guard var answer = found else {
            throw TwinError(.notFound, "there is no verified answer '\(id)'; 'twin qna list' shows them")
        }
        answer.patches = try connection.rows(
            """
            SELECT id, previous_answer, new_answer, reason, patched_by, patched_at FROM verified_answer_patches
            WHERE answer_key = ? ORDER BY key DESC
            """, answer.key
        ) { row in
            VerifiedAnswer.Patch(
                id: row.text(0), previousAnswer: row.text(1), newAnswer: row.text(2), reason: row.text(3),
                patchedBy: row.optionalText(4), patchedAt: try row.requiredTimestamp(5))
        }
        return try withAddresses(answer, on: connection)
    }

    /// The answer with the addresses of the sources that it cites, those that have one.
    private static func withAddresses(_ answer: VerifiedAnswer, on connection: Connection) throws -> VerifiedAnswer {
        var answer = answer
        for id in answer.citations {
            answer.citationURLs[id] = try Source.citationURL(of: id, on: connection)
        }
        return answer
    }

    /// Adds an answer and grants it to the twin's default group. Throws `TwinError` for a blank or too long text, a
    /// citation that is no source of the twin, and a question that has an answer already.
    package func add(
        _ entry: Entry, to twin: Twin, clearance: Clearance, by author: String?
    ) throws -> VerifiedAnswer {
        let answer = try database.write { try Self.add(entry, to: twin, clearance: clearance, by: author, on: $0) }
        embedNew(answer)
        return answer
    }

    static func add(
        _ entry: Entry, to twin: Twin, clearance: Clearance, by author: String?, on connection: Connection
    ) throws -> VerifiedAnswer {
        let answer = try insert(entry, to: twin, clearance: clearance, by: author, on: connection)
        try log(.answerCreated, [answer.id], twin, author, on: connection)
        return answer
    }

    static func log(
        _ action: AuditLog.Action, _ ids: [String], _ twin: Twin, _ author: String?, on connection: Connection
    ) throws {
        try AuditLog.append(
            action, of: twin, actor: author ?? AuditLog.localActor, ids: ids, as: "verified_qna_id", on: connection)
    }

    static func insert(
        _ entry: Entry, to twin: Twin, clearance: Clearance, by author: String?, on connection: Connection
    ) throws -> VerifiedAnswer {
        let entry = try checked(entry, twin, clearance, on: connection)
        let folded = QuestionText.folded(entry.question)
        if let id = try active(folded, twin, clearance, on: connection) {
            throw TwinError(.conflict, "this question already has a verified answer; change it with 'twin qna edit \(id)'")
        }
        let id = Identifier.make()
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO verified_answers (id, tenant_id, twin_key, question, folded, answer, visibility, citations, created_by,
                created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
            """,
            [
                id, twin.tenantID, twin.key, entry.question, folded, entry.answer, entry.visibility.rawValue,
                JSON.strings(entry.citations), author, now,
            ] as [any DatabaseConvertible])
        let key = connection.lastInsertedKey
        for group in try Grants.groupsForNew(of: twin, from: clearance, on: connection) {
            try Grants.grant(.verifiedAnswer, [key], to: group, at: now, on: connection)
        }
        return try find(id, on: connection)
    }

    /// Replaces an answer's text and keeps the one before in its history. Throws `TwinError`.
    package func edit(
        _ id: String, answer: String, reason: String, by author: String?, tenantID: String? = nil
    ) throws -> VerifiedAnswer {
        try database.write { connection in
            let current = try Self.find(id, tenantID: tenantID, on: connection)
            try Self.edit(current, answer, reason, author, on: connection)
            try Self.log(.answerEdited, [id], try TwinStore.resolve(current.twinID, on: connection), author, on: connection)
            return try Self.find(id, on: connection)
        }
    }

    private static func edit(
        _ current: VerifiedAnswer, _ answer: String, _ reason: String, _ author: String?, on connection: Connection
    ) throws {
        let answer = try checkedText(answer, "answer", maximumAnswerBytes)
        let reason = try checkedText(reason, "reason", maximumQuestionBytes)
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO verified_answer_patches (id, answer_key, previous_answer, new_answer, reason, patched_by, patched_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, Identifier.make(), current.key, current.answer, answer, reason, author, now)
        try connection.run("UPDATE verified_answers SET answer = ?, updated_at = ? WHERE key = ?", answer, now, current.key)
    }

    /// Makes an answer what `entry` says: a new text keeps the one before in its history. Throws `TwinError`.
    static func revise(
        _ current: VerifiedAnswer, to entry: Entry, of twin: Twin, reason: String, by author: String?, on connection: Connection
    ) throws {
        let entry = try checked(entry, twin, .everything, on: connection)
        if entry.answer != current.answer { try edit(current, entry.answer, reason, author, on: connection) }
        try connection.run(
            "UPDATE verified_answers SET question = ?, visibility = ?, citations = ?, updated_at = ? WHERE key = ?",
            entry.question,
            entry.visibility.rawValue, JSON.strings(entry.citations), Clock.now, current.key)
    }

    /// Takes an answer out of use; it stays to be read under its id. Removing again changes nothing.
    package func remove(_ id: String, tenantID: String? = nil, by author: String?) throws {
        try database.write { connection in
            let answer = try Self.find(id, tenantID: tenantID, on: connection)
            guard try Self.remove(answer.key, on: connection) else { return }
            try Self.log(
                .answerDeleted, [answer.id], try TwinStore.resolve(answer.twinID, on: connection), author, on: connection)
        }
    }

    /// Answers whether it was in use.
    static func remove(_ key: Int64, on connection: Connection) throws -> Bool {
        try connection.run(
            "UPDATE verified_answers SET is_active = 0, updated_at = ? WHERE key = ? AND is_active", Clock.now, key)
        return connection.changes > 0
    }

    /// What an import did. Entries that failed kept no other from being taken.
    package struct ImportReport: Sendable, Equatable, JSONRepresentable {
        package var added = 0
        package var changed = 0
        package var unchanged = 0
        /// Entries that were left out.
        package var failures: [Failure] = []

        package struct Failure: Sendable, Equatable {
            /// Where the entry stands in its file.
            package var place: String
            package var reason: String
        }

        package var json: JSON {
            var object: JSONObject = ["added": .number(added), "changed": .number(changed), "unchanged": .number(unchanged)]
            if !failures.isEmpty {
                object["failed"] = .array(failures.map { ["place": .string($0.place), "reason": .string($0.reason)] })
            }
            return .object(object)
        }
    }

    /// Adds what a file holds, as `import(_:into:by:isDryRun:)` does, and reports also what of it could not be read.
    package func `import`(
        _ file: AnswerFile, into twin: Twin, by author: String?, isDryRun: Bool = false
    ) throws -> ImportReport {
        var report = try self.import(file.rows.map(Entry.init), into: twin, by: author, isDryRun: isDryRun)
        report.failures = report.failures.map { failure in
            guard let number = Int(failure.place), file.rows.indices.contains(number) else { return failure }
            return ImportReport.Failure(place: file.rows[number].place, reason: failure.reason)
        }
        report.failures += file.faults.map { ImportReport.Failure(place: $0.place, reason: $0.reason) }
        return report
    }

    /// Adds many answers in one transaction. A question that is known gets the new answer, with the old one in its history; the
    /// same entries once more change nothing. An entry that cannot be taken is left out and reported, by its number from 0.
    /// With `isDryRun` nothing is kept. Throws `TwinError`.
    package func `import`(
        _ entries: [Entry], into twin: Twin, by author: String?, isDryRun: Bool = false
    ) throws -> ImportReport {
        let report = try store(entries, into: twin, by: author, isDryRun: isDryRun)
        // A failure is passed over: the answers are found by their letters, and another `embed` fills the gap.
        if !isDryRun, report.added > 0 { _ = try? embed(twin) }
        return report
    }

    private func store(_ entries: [Entry], into twin: Twin, by author: String?, isDryRun: Bool) throws -> ImportReport {
        do {
            return try database.write { connection in
                var report = ImportReport()
                var (added, edited): ([String], [String]) = ([], [])
                for (index, entry) in entries.enumerated() {
                    let checked: Entry
                    do {
                        checked = try Self.checked(entry, twin, .everything, on: connection)
                    } catch let error as TwinError {
                        report.failures.append(.init(place: "\(index)", reason: error.message))
                        continue
                    }
                    guard let id = try Self.active(QuestionText.folded(checked.question), twin, .everything, on: connection)
                    else {
                        added.append(try Self.insert(checked, to: twin, clearance: .everything, by: author, on: connection).id)
                        report.added += 1
                        continue
                    }
                    let current = try Self.find(id, on: connection)
                    if current.answer == checked.answer {
                        report.unchanged += 1
                        continue
                    }
                    try Self.edit(current, checked.answer, "imported", author, on: connection)
                    edited.append(id)
                    report.changed += 1
                }
                try Self.log(.answerCreated, added, twin, author, on: connection)
                try Self.log(.answerEdited, edited, twin, author, on: connection)
                if isDryRun { throw DryRun(report: report) }
                return report
            }
        } catch let dryRun as DryRun {
            return dryRun.report
        }
    }

    /// Undoes the transaction of a dry run.
    private struct DryRun: Error { let report: ImportReport }

    /// The answer in use to a question, of those that the caller may read.
    private static func active(
        _ folded: String, _ twin: Twin, _ clearance: Clearance, on connection: Connection
    ) throws -> String? {
        try connection.first(
            """
            SELECT v.id FROM verified_answers v WHERE v.twin_key = ?1 AND v.folded = ?2 AND v.is_active
                AND \(Visibility.condition(.verifiedAnswer, "v", for: "?3")) ORDER BY v.key LIMIT 1
            """, twin.key, folded, clearance.groupKey(in: twin)
        ) { $0.text(0) }
    }

    private static func checked(
        _ entry: Entry, _ twin: Twin, _ clearance: Clearance, on connection: Connection
    ) throws -> Entry {
        var entry = entry
        entry.question = try checkedText(entry.question, "question", maximumQuestionBytes)
        entry.answer = try checkedText(entry.answer, "answer", maximumAnswerBytes)
        guard !QuestionText.folded(entry.question).isEmpty else { throw TwinError(.invalid, "the question has no word in it") }
        guard entry.citations.count <= maximumCitations else {
            throw TwinError(.limitReached, "an answer cites at most \(maximumCitations) sources")
        }
        for id in entry.citations {
            let isKnown = try connection.first(
                "SELECT 1 FROM sources s WHERE s.id = ?1 AND s.twin_key = ?2 AND \(Visibility.condition(.source, "s", for: "?3"))",
                id, twin.key, clearance.groupKey(in: twin)
            ) { _ in true }
            guard isKnown == true else {
                throw TwinError(.notFound, "the twin '\(twin.slug)' has no source '\(id)'; 'twin sources list' shows the ids")
            }
        }
        return entry
    }

    private static func checkedText(_ text: String, _ name: String, _ maximum: Int) throws -> String {
        let text = text.trimmed
        guard !text.isEmpty else { throw TwinError(.invalid, "the \(name) is empty") }
        guard text.utf8.count <= maximum else { throw TwinError(.limitReached, "the \(name) has more than \(maximum) bytes") }
        return text
    }
}
