import TwinSupport

/// The phrases around a question that ask for nothing: greetings, requests to be told, thanks. Each is a row of places; a place
/// has one or more words to choose from (`a/b`), and one that ends in `?` may be empty.
struct CourtesyPhrases: Sendable {
    private struct Place {
        var words: Set<String>
        var isOptional: Bool
    }

    private let phrases: [[Place]]

    private init(_ text: String, isBackwards: Bool) {
        phrases = text.split(separator: "\n").map { line in
            let places = line.split(separator: " ").map { place in
                let isOptional = place.hasSuffix("?")
                let words = (isOptional ? place.dropLast() : place).split(separator: "/").map { QuestionText.folded(String($0)) }
                return Place(words: Set(words), isOptional: isOptional)
            }
            return isBackwards ? places.reversed() : places
        }
    }

    /// How many words the longest phrase takes at the beginning of `words`; 0 when none is there.
    private func length(in words: some Collection<String>) -> Int {
        phrases.reduce(0) { max($0, Self.length(of: $1[...], in: words)) }
    }

    /// A place that may be empty is filled where that makes the phrase longer.
    private static func length(of places: ArraySlice<Place>, in words: some Collection<String>) -> Int {
        func longest(_ places: ArraySlice<Place>, _ rest: some Collection<String>) -> Int? {
            guard let place = places.first else { return 0 }
            let others = places.dropFirst()
            var best = place.isOptional ? longest(others, rest) : nil
            if let word = rest.first, place.words.contains(word), let more = longest(others, rest.dropFirst()) {
                best = max(best ?? 0, more + 1)
            }
            return best
        }
        return longest(places, words) ?? 0
    }

    /// The words without the phrases at either end; all of them when nothing else is there.
    static func stripped(_ words: [String]) -> [String] {
        var rest = words[...]
        while true {
            let opening = openings.length(in: rest)
            if opening > 0, opening < rest.count {
                rest = rest.dropFirst(opening)
                continue
            }
            let closing = closings.length(in: rest.reversed())
            guard closing > 0, closing < rest.count else { break }
            rest = rest.dropLast(closing)
        }
        return Array(rest)
    }

    // Contractions have been written out before ("i am", "do not").
    private static let openings = CourtesyPhrases(
        """
        hi/hello/hey/hiya/howdy/greetings/hallo/moin/servus/bonjour/salut/hola/ciao/hej there/again/team/all/everyone/everybody/folks/guys/friends/support/zusammen?
        good morning/afternoon/evening/day there/team/all/everyone/everybody?
        dear team/all/sir/madam/support/friends/colleagues or? madam?
        thanks/thx/cheers a? lot? so/very? much? for? the/your? quick/last? answer/reply/help/response/information?
        thank you so/very? much? for? the/your? quick/last? answer/reply/help/response/information?
        please/pls/plz/kindly
        excuse/pardon me
        pardon/sorry/apologies
        i am? sorry/afraid for/to? bother/bothering/disturb/disturbing/trouble/interrupt? you? again?
        sorry for/to? the? bother/bothering/disturb/disturbing/trouble/interrupt/interruption you? again?
        so/ok/okay/well/um/uh/hm/hmm/er/oh/ah/and/also/but/alright/yes/yeah/actually/basically/anyway
        i/we have/had/got just? a/one/another/some? more/further/quick/short/small/brief/simple/silly? question/questions for? you?
        just? my/a/one/another/the? more/further/last/other? quick/short/small/brief/simple/silly/stupid? question is/here/for? you? if/whether?
        i/we am/are/was/were? just/also/really/only/still/a? bit? wondering/curious/unsure/asking about? if/whether?
        just wondering/curious/asking if/whether?
        i/we just/also? wonder if/whether?
        can/could/would/will/may/might you/somebody/someone/anybody/anyone/one please/kindly/maybe/perhaps/possibly/just/quickly? tell/inform/advise/show/explain/clarify/confirm/check/say/remind/describe to/for? me/us? please? if/whether/that?
        can/could/would/will you/somebody/someone/anybody/anyone please/kindly/maybe/perhaps/possibly/just/quickly? let me/us please? know if/whether?
        can/could/would/will you/somebody/someone/anybody/anyone please/kindly/maybe/perhaps/possibly/just/quickly? help me/us? out? please? to? find/understand/know? out? if/whether?
        please/just? let me/us know if/whether?
        please/just? tell/inform/advise/explain/clarify/remind/show to? me/us please? if/whether?
        please/just? explain/clarify/confirm/describe
        please? help me/us? out? please?
        do/does/did/would you/anybody/anyone/somebody/someone happen/chance? to? know perhaps/maybe? if/whether?
        would/do you mind telling/explaining/showing to? me/us? if/whether?
        i/we would/do/should/will? really/just/also/only? like/love/want/wanted/need/wish/have to ask/know/learn/understand/hear/find you? out? if/whether?
        i/we would? be glad/happy/grateful/pleased/thankful/interested to/in? know/learn/hear/knowing? if/whether?
        i/we would be glad/happy/grateful/pleased/thankful if you/somebody/someone could/can/would? please/kindly? tell/explain/let/show to? me/us? know? if/whether?
        it would be great/nice/good/helpful/kind if you/somebody/someone could/can/would? please? tell/explain/let/show to? me/us? know? if/whether?
        may/can/could/might i/we just/please/quickly? ask you? something? if/whether?
        i/we just/only/also? wanted/want/would? like? to ask you? if/whether?
        i/we do/can/could not really/quite? know/understand/see/get/find/tell if/whether?
        i/we am/are not quite/really? sure/certain if/whether?
        i/we am/are just? trying to find/figure/understand/work out? if/whether?
        i/we hope you/this/everything/all are/is/finds/doing? all/doing/you? well/fine/good/okay/ok
        is it true/correct/right that/if?
        any idea/ideas/clue if/whether?
        does/do you/anybody/anyone/somebody/someone have/has any/an? idea/ideas/clue if/whether?
        what i/we would? like/want/need/wanted to know is if/whether?
        quick one
        guten morgen/tag/abend zusammen?
        können/könnten/kannst/könntest/könnt sie/du/ihr mir/uns? bitte/vielleicht? sagen/erklären/mitteilen/verraten/helfen ob?
        ich/wir würde/möchte/wollte/würden/möchten/wollten nur? gern/gerne? wissen/fragen ob?
        ich/wir habe/hätte/haben/hätten eine/noch? kurze/eine? frage
        weiß/weißt/wissen/wisst jemand/sie/du/ihr zufällig? ob?
        bitte/entschuldigung/sorry
        pouvez/pourriez/peux/pourrais vous/tu me/nous? dire/expliquer/indiquer/aider si?
        je/nous voudrais/voudrions/aimerais/aimerions/veux savoir/demander si?
        buenos/buenas días/tardes/noches
        me/nos? puede/puedes/podría/podrías/pueden me/nos? decir/decirme/explicar/explicarme si?
        quisiera/quiero/querría/necesito saber si?
        """, isBackwards: false)

    private static let closings = CourtesyPhrases(
        """
        please/pls/plz/kindly
        please? and? many/much/big? thanks/thx/cheers/ta a? lot/million/bunch/ton? so/very? much? in? advance? for? your/the/any/all? help/time/answer/reply/support?
        please? and? thank you so/very? much? in? advance? for? your/the/any/all? help/time/answer/reply/support?
        with? best/kind/warm? regards/wishes
        have a nice/good/great/lovely/pleasant day/evening/one/weekend/time
        if you do not mind me? asking?
        if possible
        if you know/can/could/please
        by the way
        btw/asap
        sorry if/for this/that/the is? a/such? a? silly/stupid/dumb/basic/simple? question
        sorry/hello/hi
        any/every/all? help/hint/hints/idea/ideas/advice/answer/tip/tips is/are/would/be? be? much/greatly/highly? appreciated/welcome/great
        i/we can/could/did not find it/that/this/anything/out? anywhere/online?
        i wonder
        do you know
        i am/was? just? wondering/asking/curious
        just wondering/asking/curious
        any idea/ideas/clue
        can/could you please? help/tell/explain me/us?
        exactly/actually/precisely
        danke/dank schön/sehr? im? voraus?
        vielen dank im? voraus?
        bitte
        merci d? avance/davance? beaucoup?
        sil vous/te plaît
        por favor
        muchas? gracias
        """, isBackwards: true)
}
