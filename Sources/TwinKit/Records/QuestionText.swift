import TwinSupport

/// A question as it is compared with others.
enum QuestionText {
    /// Lower case, without marks and punctuation, words apart by one space. Symbols that carry meaning (`+`, `#`, `%`) stay.
    static func folded(_ question: String) -> String {
        var result = ""
        var isPending = false
        for scalar in question.lowercased().latinLettersWithoutMarks.unicodeScalars {
            let isKept =
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar.properties.generalCategory == .nonspacingMark || "+#%$&€£".unicodeScalars.contains(scalar)
            if isKept {
                if isPending, !result.isEmpty { result += " " }
                isPending = false
                result.unicodeScalars.append(scalar)
            } else if scalar != "'", scalar != "\u{2019}" {
                isPending = true
            }
        }
        return result
    }

    static func words(_ folded: String) -> [String] { folded.split(separator: " ").map(String.init) }
}
