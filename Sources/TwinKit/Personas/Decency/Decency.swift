import TwinDatabase
import TwinSupport

/// Judges what a picture is asked to show, before it is paid for: by rules always, by a moderation service beside them where one
/// is configured. What cannot be judged is refused.
package struct Decency: Sendable {
    let moderation: (any ModerationModel)?

    /// How decent it is; what is `rejected` is not drawn.
    package enum Rating: String, Sendable, CaseIterable { case safe, suggestive, borderline, rejected }

    /// What was judged, and why.
    package struct Judgement: Sendable, Equatable {
        package var rating: Rating
        /// By the moderation service; empty where none has looked. Rules give no scores.
        package var scores: [String: Double] = [:]
        /// What was found.
        package var flagged: [String] = []
        /// A sentence for people; nil where there is nothing to say.
        package var reason: String?

        package var isSafe: Bool { rating != .rejected }
        /// The tier that suits it; none for what is refused.
        package var tier: ContentPiece.Tier? {
            switch rating {
            case .safe: .open
            case .suggestive: .members
            case .borderline: .patrons
            case .rejected: nil
            }
        }
    }

    /// What a score may be at the most.
    static let maximumScore = 0.2
    /// A hint at somebody under 18 is refused long before.
    static let maximumMinorsScore = 0.05
    /// Up to these it is plainly safe.
    private static let plainScores = ["violence": 0.1, "hate": 0.05]

    /// Judges words. It blocks while the moderation service is asked, about ten times a second whether `isCancelled`; it never
    /// throws: what cannot be judged is rejected.
    package func judge(_ text: String, isCancelled: @escaping () -> Bool = { false }) -> Judgement {
        if let category = DecencyRules.finding(in: text) {
            return Judgement(
                rating: .rejected, flagged: [category.rawValue],
                reason: "it asks for what no picture here shows: \(category.words)")
        }
        guard let moderation else {
            return Judgement(rating: .safe, reason: "by its words alone: no moderation service is configured (moderation.url)")
        }
        do {
            return Self.judgement(of: try moderation.scores(of: text, isCancelled: isCancelled))
        } catch {
            return Judgement(
                rating: .rejected, flagged: ["unjudged"],
                reason: "the moderation service failed, and what is not judged is refused")
        }
    }

    static func judgement(of scores: [String: Double]) -> Judgement {
        // A score that is no number is above everything.
        let flagged = scores.filter { name, score in
            !(score <= (name == "sexual/minors" ? maximumMinorsScore : maximumScore))
        }.keys.sorted()
        guard flagged.isEmpty else {
            return Judgement(
                rating: .rejected, scores: scores, flagged: flagged,
                reason: "the moderation service finds \(flagged.joined(separator: ", "))")
        }
        let isPlain = plainScores.allSatisfy { name, limit in (scores[name] ?? 0) <= limit }
        return Judgement(rating: isPlain ? .safe : .suggestive, scores: scores)
    }

    /// Notes a refusal in the audit log, without the words that were refused.
    static func audit(
        _ judgement: Judgement, what: String, of person: Person, by actor: String?, on connection: Connection
    ) throws {
        try AuditLog.append(
            .contentRefused, tenantID: person.tenantID, actor: actor,
            ["what": .string(what), "user_id": .string(person.userID), "categories": .strings(judgement.flagged)],
            on: connection)
    }
}

extension DecencyRules.Category {
    var words: String {
        switch self {
        case .sexual: "nudity or sex"
        case .minors: "somebody under 18"
        case .violence: "violence"
        case .hate: "hatred"
        case .harassment: "humiliation"
        case .selfHarm: "self-harm"
        }
    }
}
