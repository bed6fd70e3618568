import TwinSupport

/// What a letter is about and who gets it. Nothing of it is secret: what lets somebody in is made when the letter goes.
package enum Letter: Sendable, Equatable {
    /// To the invited address.
    case invitation(id: String)
    /// To a user who has forgotten the password. None when nobody has the address that was given: then there is a job like the
    /// others, so that nobody sees the difference, and no letter.
    case passwordReset(userID: String?)
    /// Questions that the twin could not answer, with keys above `after` up to `upTo`.
    case unanswered(userID: String, after: Int, upTo: Int)
    /// What the twin learned on a day, YYYY-MM-DD in UTC.
    case digest(userID: String, date: String)
    /// Somebody waits for a person at the support desk and nobody is there; handovers as questions above.
    case handover(userID: String, after: Int, upTo: Int)

    /// The kinds of letters, each of which can be switched off.
    package enum Kind: String, Sendable, CaseIterable {
        case invitations, passwords, unanswered, digest, handovers
    }

    package var kind: Kind {
        switch self {
        case .invitation: .invitations
        case .passwordReset: .passwords
        case .unanswered: .unanswered
        case .digest: .digest
        case .handover: .handovers
        }
    }

    /// Whether somebody waits for it now, rather than reads it when they next look at their mail.
    package var isAwaited: Bool {
        switch self {
        case .invitation, .passwordReset, .handover: true
        case .unanswered, .digest: false
        }
    }

    /// Whether it takes along something that lets in and is made anew each time that it is sent.
    package var carriesToken: Bool {
        switch self {
        case .invitation, .passwordReset: true
        case .unanswered, .digest, .handover: false
        }
    }

    init?(_ json: JSON) {
        guard let kind = json["letter"]?.stringValue.flatMap(Kind.init) else { return nil }
        let user = json["user_id"]?.stringValue
        let (after, upTo) = (json["after"]?.intValue, json["up_to"]?.intValue)
        switch (kind, user) {
        case (.invitations, _):
            guard let id = json["invitation_id"]?.stringValue else { return nil }
            self = .invitation(id: id)
        case (.passwords, _): self = .passwordReset(userID: user)
        case (.unanswered, let user?):
            guard let after, let upTo else { return nil }
            self = .unanswered(userID: user, after: after, upTo: upTo)
        case (.handovers, let user?):
            guard let after, let upTo else { return nil }
            self = .handover(userID: user, after: after, upTo: upTo)
        case (.digest, let user?):
            guard let date = json["date"]?.stringValue else { return nil }
            self = .digest(userID: user, date: date)
        case (_, nil): return nil
        }
    }

    var json: JSONObject {
        var json: JSONObject = ["letter": .string(kind.rawValue)]
        switch self {
        case .invitation(let id): json["invitation_id"] = .string(id)
        case .passwordReset(let user): json["user_id"] = user.map(JSON.string)
        case .unanswered(let user, let after, let upTo), .handover(let user, let after, let upTo):
            json["user_id"] = .string(user)
            json["after"] = .number(after)
            json["up_to"] = .number(upTo)
        case .digest(let user, let date):
            json["user_id"] = .string(user)
            json["date"] = .string(date)
        }
        return json
    }
}
