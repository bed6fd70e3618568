import TwinSupport

/// What pictures may not show, looked for in the words that ask for them. Rules are no judge of meaning: they refuse what is
/// written plainly or in a thin disguise, and a moderation service beside them finds more.
package enum DecencyRules {
    /// What may not be shown, by the names that moderation services have for it.
    package enum Category: String, Sendable, CaseIterable {
        case sexual
        /// Whoever is shown is an adult. What only hints at somebody under 18 is refused.
        case minors = "sexual/minors"
        case violence, hate, harassment
        case selfHarm = "self-harm"
    }

    /// What a text asks for that it may not; none where no rule says so.
    package static func finding(in text: String) -> Category? {
        let found = PromptWords(text)
        let words = withoutHarmless(found.words)
        if AgeWords.nameMinor(words) { return .minors }
        for (category, phrases) in rules where phrases.contains(where: { $0.matches(words) }) { return category }
        for (category, phrases) in rules {
            let single = phrases.compactMap(\.singleWord).filter { $0.count >= 4 }
            if found.spelled.contains(where: { spelled in single.contains { spelled.contains($0) } }) { return category }
        }
        return nil
    }

    /// A sequence of words. `…*` is any word that begins so, `#` up to three words of any kind.
    struct Phrase: Sendable {
        private let parts: [String]

        init(_ text: String) { parts = text.split(separator: " ").map(String.init) }

        var count: Int { parts.count }

        /// The word, where it is one alone.
        var singleWord: String? { parts.count == 1 ? parts[0].filter { $0 != "*" } : nil }

        func matches(_ words: [String]) -> Bool { words.indices.contains { matches(words, at: $0, part: 0) } }

        /// Whether the phrase stands at `index`.
        func begins(_ words: [String], at index: Int) -> Bool { matches(words, at: index, part: 0) }

        private func matches(_ words: [String], at index: Int, part: Int) -> Bool {
            guard part < parts.count else { return true }
            if parts[part] == "#" { return (0...3).contains { matches(words, at: index + $0, part: part + 1) } }
            guard words.indices.contains(index) else { return false }
            let isSame =
                parts[part].hasSuffix("*") ? words[index].hasPrefix(parts[part].dropLast()) : words[index] == parts[part]
            return isSame && matches(words, at: index + 1, part: part + 1)
        }
    }

    /// The words without phrases that only look like something else; a mark stands in their place, so that what is around them
    /// does not grow together.
    private static func withoutHarmless(_ words: [String]) -> [String] {
        var result: [String] = []
        var index = 0
        let isMusic = words.contains { music.contains($0) }
        while index < words.count {
            if let phrase = harmless.first(where: { $0.begins(words, at: index) }) {
                result.append("|")
                index += phrase.count
            } else if isMusic, keys.contains(where: { $0.begins(words, at: index) }) {
                result.append("|")
                index += 3
            } else {
                result.append(words[index])
                index += 1
            }
        }
        return result
    }

    private static func phrases(_ text: String) -> [Phrase] {
        text.split(separator: ",").map { Phrase(String($0).trimmed) }
    }

    private static let music: Set<String> = [
        "song", "piano", "music", "sonata", "symphony", "guitar", "concerto", "melody", "tune", "violin", "scale", "chord",
    ]
    private static let keys = ["a", "b", "c", "d", "e", "f", "g"].map { Phrase("in \($0) minor") }

    private static let harmless = phrases(
        """
        naked eye, naked flame, nude lipstick, nude heels, nude shoes, nude polish, nude tone*, nude shade*, nude colour*, \
        nude color*, nude palette, nude makeup, minor chord*, minor key*, minor scale*, minor repair*, minor change*, \
        minor detail*, minor issue*, minor adjust*, kid leather, kid glove*, strip of, comic strip*, film strip*, strip light*, \
        stripping paint, stripping wallpaper, lee child, children s book*, baby blue, baby pink, baby grand, cum laude, \
        teen spirit, inner child, see through the
        """)

    private static let rules: [(Category, [Phrase])] = [
        (
            .minors,
            phrases(
                """
                child, children, childlike, child like, childish body, kid, kids, kiddie, toddler*, infant*, baby, babies, teen, \
                teens, teenage*, preteen*, tween*, adolescen*, minor, minors, underage*, under age, under aged, schoolgirl*, \
                schoolboy*, school girl*, school boy*, school uniform*, high school*, highschool*, middle school*, \
                primary school*, elementary school*, kindergart*, preschool*, juvenile*, youngster*, loli, lolis, lolita*, lolicon, \
                shota*, jailbait, barely legal, young girl*, young boy*, little girl*, little boy*, small girl*, small boy*, \
                prepubescen*, pubescen*, puberty, sweet sixteen, not yet 18, not yet eighteen, menor de edad, menores de edad, \
                minderjahrig*, mineur*, fillette*, nina pequena, kleines madchen, kleiner junge
                """)
        ),
        (
            .sexual,
            phrases(
                """
                nude, nudes, nudity, nudist*, naked*, topless, undress*, unclothed, unclad, disrob*, without clothes, \
                without clothing, without any clothes, without a bra, no clothes, no clothing, wearing nothing, wears nothing, \
                bare breast*, bare chested woman, bare bottom, breasts, boob*, nipple*, genital*, penis*, vagina*, vulva*, \
                private parts, sex, sexes her, sexual*, sexy, sexi*, porn*, nsfw, xxx, x rated, erotic*, hentai, masturbat*, \
                orgasm*, orgy, orgies, intercourse, fetish*, bdsm, bondage, lingerie, panties, thong, thongs, striptease*, \
                stripper*, strip club*, stripping off, stripping her, stripping his, strips off, strip off # clothes, \
                see through dress, see through blouse, see through shirt, see through top, see through cloth*, see through skirt, \
                see through swimsuit, see through fabric, taking off # clothes, takes off # clothes, take off # clothes, \
                taking off # dress, taking off # bra, taking her clothes off, full frontal, seductive*, seduc*, cum, cumshot*, \
                cock, cocks, dick pic*, pussy, tits, upskirt*, cleavage, rape, raped, rapes, raping, rapist*, incest*, desnud*, \
                nackt*, femme nue, femmes nues, fille nue, homme nu, hommes nus, donna nuda, uomo nudo, sin ropa, sexo, \
                sans vetements, ohne kleid*
                """)
        ),
        (
            .selfHarm,
            phrases(
                """
                suicid*, self harm*, selfharm*, self mutilat*, cutting her wrist*, cutting his wrist*, cutting my wrist*, \
                cutting their wrist*, slit* # wrist*, slash* # wrist*, hang* herself, hang* himself, hang* themsel*, overdos*, \
                pro ana
                """)
        ),
        (
            .violence,
            phrases(
                """
                tortur*, gore, gory, behead*, decapitat*, dismember*, mutilat*, murder*, massacre*, corpse*, dead bod*, stabb*, \
                strangl*, lynch*, bloodbath*, snuff film*, being shot, shot dead, execution of a person, impaled, disembowel*
                """)
        ),
        (
            .hate,
            phrases(
                """
                nazi*, swastika*, hitler*, white power, white suprem*, ku klux, kkk, ethnic cleansing, genocid*, racial slur*, \
                subhuman*
                """)
        ),
        (.harassment, phrases("humiliat*, revenge porn, bullying of, degrading pose, degraded woman, deepfake*")),
    ]
}
