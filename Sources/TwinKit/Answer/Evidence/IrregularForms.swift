import TwinSearch
import TwinSupport

/// English words whose forms no stemmer brings together: `lost` and `lose`, `men` and `man`. Each is taken for the first
/// word of its group, in questions and in evidence alike.
struct IrregularForms: Sendable {
    private let first: [TermIdentity: TermIdentity]
    private let members: [TermIdentity: [String]]

    /// The groups with their words as `analyzer` stems them; none for another language than English.
    init(analyzer: Analyzer) {
        var first: [TermIdentity: TermIdentity] = [:]
        var members: [TermIdentity: [String]] = [:]
        if analyzer.language == .english {
            for group in Self.groups.split(separator: "\n") {
                let terms = group.split(separator: " ").map { analyzer.term(of: String($0)) }
                guard let head = terms.first.map({ TermIdentity($0) }) else { continue }
                for term in terms where first[TermIdentity(term)] == nil {
                    first[TermIdentity(term)] = head
                    members[head, default: []].append(term)
                }
            }
        }
        self.first = first
        self.members = members
    }

    /// The term that stands for `term`'s group.
    func canonical(_ term: TermIdentity) -> TermIdentity { first[term] ?? term }

    /// The same for the stem of `word` as it is written: a regular past is a word of its own, so that "founded" is no form of "find".
    func canonical(_ term: TermIdentity, of word: ByteView) -> TermIdentity {
        guard let head = first[term] else { return term }
        return Self.isRegularPast(word) ? term : head
    }

    /// Whether a word of six letters or more ends with "ed", as no irregular form of a group does.
    static func isRegularPast(_ word: ByteView) -> Bool { word.count >= 6 && word.hasPrefix("ed", at: word.count - 2) }

    /// The terms of `term`'s group, `term` alone when it is regular.
    func forms(of term: String) -> [String] { first[TermIdentity(term)].flatMap { members[$0] } ?? [term] }

    private static let groups = """
        begin began begun
        bring brought
        build built
        buy bought
        catch caught
        choose chose chosen choice
        come came
        deal dealt
        draw drew drawn
        drive drove driven
        eat ate eaten
        fall fell fallen
        feel felt
        fight fought
        find found
        flee fled
        fly flew flown flight
        forbid forbade forbidden
        forget forgot forgotten
        forgive forgave forgiven
        freeze froze frozen
        get got gotten
        give gave given
        go went gone
        grow grew grown growth
        hear heard
        hide hid hidden
        hold held
        keep kept
        know knew known
        lay laid
        lead led
        leave left
        lend lent
        lose lost loss
        make made
        mean meant
        meet met
        pay paid
        rise rose risen
        run ran
        say said
        see saw seen sight
        seek sought
        sell sold sale
        send sent
        shake shook shaken
        shoot shot
        show showed shown
        sing sang sung
        sink sank sunk
        sit sat
        sleep slept
        speak spoke spoken speech
        spend spent
        stand stood
        steal stole stolen
        strike struck
        swear swore sworn
        swim swam swum
        take took taken
        teach taught
        tell told
        think thought
        throw threw thrown
        understand understood
        wear wore worn
        win won
        write wrote written
        break broke broken
        become became
        arise arose arisen
        bear bore born borne birth
        bind bound
        breed bred
        overthrow overthrew overthrown
        withdraw withdrew withdrawn
        undertake undertook undertaken
        man men
        woman women
        child children
        foot feet
        tooth teeth
        mouse mice
        person people
        life lives
        die dead death
        high height
        long length
        wide width
        deep depth
        strong strength
        believe belief
        succeed success
        marry marriage
        arrive arrival
        """
}
