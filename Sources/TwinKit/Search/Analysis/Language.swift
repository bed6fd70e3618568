import TwinSupport

/// How a twin's words are turned into terms.
package enum Language: String, Sendable, Hashable, CaseIterable {
    /// English: Porter2 stems.
    case english
    /// Any other: words are folded and matched as they stand.
    case none

    /// The choice for a BCP 47 language tag: English for `en` and its regions, otherwise `none`.
    package init(tag: String) {
        let primary = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        self = primary == "en" || primary == "eng" ? .english : .none
    }
}
