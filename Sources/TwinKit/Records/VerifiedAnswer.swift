import TwinDatabase
import TwinHTTP
import TwinSupport

/// An answer that the owner gave to a question, told word for word when the question is asked again.
package struct VerifiedAnswer: Sendable, Equatable {
    /// The owner's note; see `visibility`.
    package enum Visibility: String, Sendable, CaseIterable {
        case `private`, shared, `public`
    }

    package let key: Int64
    package let id: String
    package let twinID: String
    package var question: String
    package var answer: String
    /// A note for the owner's lists. Who may get the answer is decided by the permissions of access groups alone.
    package var visibility: Visibility
    /// Ids of the sources that the owner named for it.
    package var citations: [String]
    /// The addresses of those sources, by id, where they have one.
    package var citationURLs: [String: String] = [:]
    /// The user, or `local` for the command line.
    package var createdBy: String?
    /// Only active ones are given.
    package var isActive: Bool
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Newest first; empty in lists.
    package var patches: [Patch] = []

    /// One edit.
    package struct Patch: Sendable, Equatable {
        package let id: String
        package let previousAnswer: String
        package let newAnswer: String
        package let reason: String
        package let patchedBy: String?
        package let patchedAt: Timestamp
    }

    /// For a statement that joins `verified_answers v` and `twins t`.
    static let columns = """
        v.key, v.id, t.id, v.question, v.answer, v.visibility, v.citations, v.created_by, v.is_active, v.created_at, v.updated_at
        """

    init(_ row: Row) throws {
        try row.check(columns: 11, allowsMore: true)
        key = row.int64(0)
        id = row.text(1)
        twinID = row.text(2)
        question = row.text(3)
        answer = row.text(4)
        visibility = try row.value(5)
        citations = try row.array(6, of: \.stringValue)
        createdBy = row.optionalText(7)
        isActive = row.bool(8)
        createdAt = try row.requiredTimestamp(9)
        updatedAt = try row.requiredTimestamp(10)
    }
}
