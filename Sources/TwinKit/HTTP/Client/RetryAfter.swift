import TwinSupport

/// The header field that says when to come back (RFC 9110 section 10.2.3).
package enum RetryAfter {
    /// The seconds that it asks to wait from `now`, at least 0; none for a value that is neither a number nor a date.
    package static func seconds(_ value: String, now: Timestamp) -> Int? {
        let text = Array(value.utf8)[...].trimmingSpaces()
        if !text.isEmpty, text.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number too large for an integer is still a number.
            return Int(String(decoding: text, as: UTF8.self)) ?? .max
        }
        return date(String(decoding: text, as: UTF8.self)).map {
            max(0, Int(($0.milliseconds - now.milliseconds + 999) / 1000))
        }
    }

    /// Reads an IMF-fixdate, for example `Sun, 06 Nov 1994 08:49:37 GMT` (section 5.6.7).
    static func date(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            (0...9999).contains(year),
            let month = months.firstIndex(of: words[2].lowercased()), (1...31).contains(day)
        else { return nil }
        func pad(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return Timestamp("\(pad(year, 4))-\(pad(month + 1, 2))-\(pad(day, 2))T\(words[4])Z")
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
}
