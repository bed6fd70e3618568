import TwinSupport

/// The words of questions by what they do there; folded, without apostrophes, short forms written out.
extension QuestionWording {
    static let questionWords = set("who what when where why which how whose whom")
    static let denials = set("not no never none neither nor nobody nothing without")
    static let verbs = set("is are am be do does can could may might will would shall should must has have")
    static let pastVerbs = set("did was were had")
    static let necessities = set("must should shall need needs required obliged obligatory mandatory ought compulsory")
    static let speakers = set("i me my mine we us our ours myself ourselves")
    static let addressees = set("you your yours yourself yourselves")
    static let thirdPersons = set("he him his she her hers they them their theirs")
    /// What stands before a word that is meant by it; two that differ make two questions.
    static let prepositions = set(
        """
        to from in into out on onto off at by for with about over under above below between among during through across behind \
        against around near of as per via until till up down along inside outside beside within beyond upon toward towards
        """)
    /// Words that make the order of others matter.
    static let ordering = set("from to than before after into versus vs or between")
    /// Words without weight that still make another question. What has to be is seen by `agrees(with:)`.
    static let telling = questionWords.union(denials).union(thirdPersons).union(prepositions.subtracting(["of"]))
        .union(
            set(
                """
                before after more less most least fewer only again own all any every each both other another same than some since while \
                because many much long often soon far once or but still yet already else
                """))
    /// Words without weight that lists of function words lack.
    static let lightWords = set(
        """
        please just actually exactly really there that simply basically kindly maybe perhaps possibly able currently of whether if and \
        ever quickly easily normally usually generally typically
        """)
    /// Words that choose among things of a kind: a question without one is a wider one.
    static let selecting = set(
        """
        first second third last next previous maximum minimum max min highest lowest earliest latest best worst half double total \
        average daily weekly monthly annual yearly new old free cheapest fastest biggest smallest largest main extra
        """)
    static let numberWords = set(
        """
        one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen \
        twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million once twice half
        """)
    /// What stands before a noun.
    static let determiners = set("a an the my your our his her their its this that these those any some each every")

    static let shortForms: [String: [String]] = {
        var forms: [String: [String]] = [
            "cannot": ["can", "not"], "cant": ["can", "not"], "wont": ["will", "not"], "shant": ["shall", "not"],
            "im": ["i", "am"], "ive": ["i", "have"], "youre": ["you", "are"], "youve": ["you", "have"],
            "theyre": ["they", "are"],
            "weve": ["we", "have"], "pls": ["please"], "plz": ["please"], "thx": ["thanks"], "ur": ["your"], "u": ["you"],
            "gimme": ["give", "me"], "wanna": ["want", "to"], "gotta": ["have", "to"],
        ]
        for word in [
            "do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "would", "could", "should", "must", "need",
        ] { forms[word + "nt"] = [word, "not"] }
        for word in ["what", "who", "where", "when", "why", "how", "that", "there"] { forms[word + "s"] = [word, "is"] }
        for word in ["what", "who", "where", "how"] { forms[word + "re"] = [word, "are"] }
        return forms
    }()

    static let wishes = set("like love be want appreciate need prefer wish")

    /// The longest first.
    static let sameQuestions: [(phrase: [String], reading: [String])] = [
        "at what time exactly=when", "at what time=when", "what time=when", "how come=why", "for what reason=why", "which=what",
        "how to=how do i", "where to=where do i", "when to=when do i", "what to=what do i",
    ].map { text in
        let parts = text.split(separator: "=").map { $0.split(separator: " ").map(String.init) }
        return (parts[0], parts[1])
    }.sorted { $0.phrase.count > $1.phrase.count }

    private static func set(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }
}
