import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct SourceHealthTests {
    @Test func `a text is as long as its scalars without white space at the ends`() {
        let parts = ["", " ", "\n", "a", "ü", "漢", "😀", "\u{301}", "\u{2003}", "\r\n"]
        for first in parts {
            for second in parts {
                for third in parts {
                    let text = first + second + third
                    #expect(SourceHealth.length(of: text) == text.trimmed.unicodeScalars.count, "\(Array(text.unicodeScalars))")
                }
            }
        }
    }
}
