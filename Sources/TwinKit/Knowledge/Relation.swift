/// How two things are related. The raw value is the name that the graph shows.
package enum Predicate: String, Sendable, CaseIterable {
    case worksFor = "works_for"
    case livesIn = "lives_in"
    case basedIn = "based_in"
    case locatedIn = "located_in"
    case killed
    case bornOn = "born_on"
    case diedOn = "died_on"
    case foundedOn = "founded_on"
    case authorOf = "author_of"
    case definedAs = "defined_as"
    case prefers, avoids, decided

    /// Whether one thing has one of it at a time, so that two are a contradiction.
    package var isSingleValued: Bool {
        switch self {
        case .bornOn, .diedOn, .foundedOn, .worksFor, .livesIn: true
        default: false
        }
    }
}

/// A relation that a sentence states.
package struct Relation: Sendable, Equatable {
    /// What the relation leads to.
    package enum Object: Sendable, Equatable {
        /// The index of a name among those that were given.
        case name(Int)
        /// Words of the text.
        case text(Range<Int>)
    }

    /// The index of a name among those that were given.
    package var subject: Int
    package var predicate: Predicate
    package var object: Object
    /// The sentence that says so, as bytes of the text.
    package var evidence: Range<Int>
}
