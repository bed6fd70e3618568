import Testing

@testable import TwinKit
@testable import TwinSearch

@Suite struct Porter2Tests {
    /// Words with their stems as Snowball 3.1 gives them: each rule, its exceptions and its limits.
    private static let stems = """
        skis ski, skies sky, idly idl, gently gentl, ugly ugli, early earli, only onli, singly singl, andes andes,
        atlas atlas, bias bias, cosmos cosmos, howe howe, news news, sky sky, dying die, lying lie, tying tie,
        vying vie, evening evening, canning canning, inning inning, earring earring, herring herring,
        outing outing, evenings evening, exceed exceed, succeed succeed, proceed proceed, exceeding exceed,
        agreed agre, feed feed, need need, proceedings proceed, indeed inde, added add, egging egg, bidding bid,
        hopping hop, hoping hope, hopped hop, filing file, filling fill, failing fail, rated rate,
        conflated conflat, troubled troubl, sized size, plastered plaster, bled bled, sing sing, sang sang,
        string string, caresses caress, ponies poni, ties tie, cats cat, gas gas, kiwis kiwi, this this,
        dress dress, dresses dress, bus bus, focus focus, cries cri, cried cri, dies die, died die, boy's boy,
        boys' boy, cat's' cat, say say, saying say, enjoy enjoy, enjoyed enjoy, cry cri, by by, happy happi,
        happily happili, employ employ, yes yes, youth youth, beyond beyond, sayings say, playing play,
        relational relat, conditional condit, rational ration, valency valenc, hesitancy hesit, digitizer digit,
        conformably conform, radically radic, differently differ, vilely vile, analogously analog,
        vietnamization vietnam, predication predic, operator oper, feudalism feudal, decisiveness decis,
        hopefulness hope, callousness callous, formality formal, sensitivity sensit, sensibility sensibl,
        geologist geolog, biologist biolog, psychologist psycholog, apology apolog, analogy analog,
        carelessly careless, usefully use, fearlessly fearless, triplicate triplic, formative format,
        formalize formal, electricity electr, electrical electr, hopeful hope, goodness good, national nation,
        nationality nation, relative relat, creative creativ, revival reviv, allowance allow, inference infer,
        airliner airlin, gyroscopic gyroscop, adjustable adjust, defensible defens, irritant irrit,
        replacement replac, adjustment adjust, dependent depend, adoption adopt, homologous homolog,
        communism communism, activate activ, angularity angular, effective effect, bowdlerize bowdler,
        mansion mansion, question question, version version, probate probat, rate rate, cease ceas,
        controll control, roll roll, pasted paste, past past, paste paste, hate hate, hated hate,
        controlling control, install instal, installed instal, general general, generate generat,
        generically generic, generous generous, commune commune, communal communal, community communiti,
        arsenal arsenal, arsenic arsenic, emergency emergenc, emerge emerg, emergence emergenc, inter inter,
        international internat, interval interval, later later, lateral lateral, organ organ, organic organic,
        organize organiz, organization organiz, university universiti, universe univers, universal universal,
        quick quick, quickly quick, knightly knight, nightly night, daily daili, sadly sad, badly bad, boldly bold,
        knack knack, knackeries knackeri, knaves knave, knife knife, knights knight, knot knot, knots knot,
        consign consign, consigned consign, consistency consist, consolation consol, consolatory consolatori,
        consolidate consolid, consonant conson, conspicuous conspicu, conspirators conspir, constancy constanc,
        constant constant, constrained constrain, computer comput, computers comput, computing comput,
        computation comput, computational comput, databases databas, indexing index, indices indic, indexes index,
        vectors vector, retrieval retriev, retrieve retriev, retrieved retriev, documents document, evidence evid,
        citation citat, cited cite, running run, runner runner, ran ran, ate ate, eaten eaten, swimming swim,
        swam swam, walked walk, walking walk, tried tri, tries tri, trying tri, studies studi, study studi,
        studied studi, studying studi, a a, be be, the the, is is, it's it, don't don't, won't won't,
        o'clock o'clock, abc' abc, x x, y y, z z, yy yy, yyy yyy, ay ay, oy oy, syzygy syzygi, bab bab, bob bob,
        add add, odd odd, egg egg, ebb ebb, off off, inn inn, err err, jazz jazz, quizzed quizz, buzzing buzz,
        whizzed whizz, fizzes fizz, boxes box, boxed box, fixing fix, mixed mix, rowing row, snowed snow,
        abilities abil, ability abil, able abl, stabilizing stabil, stability stabil, usability usabl,
        accessible access, accessibility access, responsibility respons, responsible respons, agreement agreement,
        government govern, department depart, parliament parliament, cement cement, element element,
        elements element, moment moment, comments comment, nationalism nation, nationalist nationalist,
        realistic realist, realism realism, realist realist, terrorism terror, terrorist terrorist,
        hyphenation hyphen, tokenization token, normalization normal, normalisation normalis, analyses analys,
        analysis analysi, analyst analyst, analytical analyt, mothers mother, fathers father, women women,
        children children, mice mice, geese gees, knives knive, wolves wolv, leaves leav, lives live, fairly fair,
        really realli, truly truli, fully fulli, wholly wholli, holy holi, likely like, lovely love,
        friendly friend, zealously zealous, zeal zeal, quietness quiet, sickness sick, happiness happi,
        business busi, witness wit
        """

    @Test func `words have the stems that Snowball gives them`() {
        let pairs = Self.stems.split(whereSeparator: { $0 == "," || $0 == "\n" }).map { $0.split(separator: " ") }
        #expect(pairs.count == 340)
        for pair in pairs where pair.count == 2 { #expect(Porter2.stem(String(pair[0])) == String(pair[1])) }
    }

    @Test func `a word with other letters than a to z is left alone`() {
        #expect(Porter2.stem("naïveties") == "naïveties")
        #expect(Porter2.stem("mp3s") == "mp3s")
        #expect(Porter2.stem("") == "")
    }

    @Test func `any letters give a stem no longer than the word`() {
        var random = SeededGenerator(seed: 7)
        let letters = Array("aeioubdglmnprstyw'x")
        for _ in 0..<20_000 {
            let word = String(
                (0..<Int.random(in: 1...12, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
            let stem = Porter2.stem(word)
            #expect(stem.utf8.count <= word.utf8.count && stem.utf8.allSatisfy { $0 == 0x27 || (0x61...0x7A).contains($0) })
        }
    }
}
