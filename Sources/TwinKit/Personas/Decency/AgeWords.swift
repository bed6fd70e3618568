import TwinSupport

/// Finds ages below 18 in words, however they are put: `a 15 year old model`, `aged sixteen`, `16yo`, `she is 14`, `under 18`,
/// `born in 2015`. Whisky, houses and cars may be as young as they like.
enum AgeWords {
    static func nameMinor(_ words: [String], now: Timestamp = Clock.now) -> Bool {
        words.indices.contains { index in
            guard let number = number(words[index]) else { return false }
            let before = index > 0 ? words[index - 1] : ""
            if before == "in", index > 1, words[index - 2] == "born" {
                return number > CivilDate.civil(fromDay: now.day).year - 18 && number < 3_000
            }
            if number == 18, ["under", "below", "before", "almost", "nearly"].contains(before) { return true }
            guard (0..<18).contains(number) else { return false }
            let after = word(words, index + 1)
            if isAge(words, from: index + 1) { return !isOfThing(words, at: index) }
            if ["th", "st", "nd", "rd"].contains(after), ["birthday", "grade", "grader"].contains(word(words, index + 2)) {
                return true
            }
            if ["aged", "age", "ages", "turning", "turns", "turned"].contains(before) { return true }
            // She is 14: a person, a verb, a number, and nothing that makes it a count of something.
            let leading = words[extent(max(0, index - 4), index)]
            let isCount = units.contains(after) || words[index].utf8.count > 2 && number < 10
            return verbs.contains(before) && leading.contains(where: persons.contains) && !isCount
        }
    }

    /// Whether `year old`, `years of age`, `yo`, `y o` stand here.
    private static func isAge(_ words: [String], from index: Int) -> Bool {
        switch word(words, index) {
        case "yo", "yold", "yearold", "yrold": true
        case "y": ["o", "old"].contains(word(words, index + 1))
        case "year", "years", "yr", "yrs", "month", "months":
            word(words, index + 1) == "old" || word(words, index + 1) == "of" && word(words, index + 2) == "age"
                || word(words, index + 1) == "young"
        default: false
        }
    }

    /// Whether it is the age of a thing: one that follows at once, or one that was spoken of before, with no person about.
    private static func isOfThing(_ words: [String], at index: Int) -> Bool {
        let following = words[extent(min(index + 2, words.count), min(index + 5, words.count))]
        if following.contains(where: persons.contains) { return false }
        if following.contains(where: things.contains) { return true }
        let leading = words[extent(max(0, index - 5), index)]
        return leading.contains(where: things.contains) && !leading.contains(where: persons.contains)
    }

    private static func word(_ words: [String], _ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    private static func number(_ word: String) -> Int? {
        if word.utf8.count <= 4, let number = Int(word) { return number }
        return names.firstIndex(of: word)
    }

    private static let names = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    ]
    private static let verbs: Set<String> = [
        "is", "s", "am", "m", "are", "re", "looks", "looking", "look", "only", "just", "about", "around", "like", "be", "was",
    ]
    /// What makes a number behind "she is" a count or a measure.
    private static let units: Set<String> = [
        "km", "m", "mm", "cm", "ft", "feet", "foot", "inch", "inches", "mile", "miles", "metre", "metres", "meter", "meters",
        "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year",
        "years", "am", "pm", "kg", "percent", "degrees", "steps", "times", "of", "people", "stops", "floors", "pages", "points",
    ]
    private static let persons: Set<String> = [
        "she", "he", "they", "i", "her", "him", "girl", "girls", "boy", "boys", "woman", "man", "model", "person", "student",
        "pupil", "lady", "guy", "female", "male", "daughter", "son", "sister", "brother", "actress", "actor", "dancer", "singer",
        "somebody", "someone", "character", "avatar", "persona", "human", "princess", "influencer", "gymnast", "athlete",
    ]
    private static let things: Set<String> = [
        "whisky", "whiskey", "malt", "scotch", "bourbon", "rum", "wine", "port", "cognac", "tequila", "cheese", "cheddar", "car",
        "cars", "house", "home", "building", "tree", "oak", "company", "business", "bike", "bicycle", "boat", "ship", "church",
        "bridge", "tradition", "recipe", "dog", "cat", "horse", "piano", "guitar", "laptop", "phone", "camera", "jacket", "coat",
        "shoes", "table", "chair", "sofa", "carpet", "garden", "vineyard", "tractor", "truck", "van", "motorcycle", "restaurant",
        "brand",
    ]
}
