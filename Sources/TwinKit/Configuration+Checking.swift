import TwinHTTP
import TwinSupport

/// Whether settings are what they take. 'twin config set' refuses anything else; in the file and the environment it may stand.
extension Configuration {
    /// What is set, from wherever it comes, as `text` answers it. Throws `TwinError` (`invalid`) that names the setting, and the
    /// variable where one sets it, when it takes nothing like that: in the file and the environment may stand anything.
    package func checked(_ name: String) throws -> String? {
        let definition = try Self.definition(name)
        guard let (text, origin) = value(name) else { return nil }
        do {
            try definition.check(text)
        } catch let error as TwinError where origin == .environment {
            throw TwinError(error.kind, "\(definition.variable): \(error.message)")
        }
        return text
    }

    /// Throws as `checked` does for the first setting that is wrong. Whoever works unattended asks before it begins: what is read
    /// unchecked would otherwise count as not set, a limit or a price among it.
    package func check() throws {
        for definition in Self.definitions { _ = try checked(definition.name) }
    }

    /// A finding for each setting that is wrong, and how to be rid of it.
    var findings: [Doctor.Check] {
        let name = "settings"
        let findings = Self.definitions.compactMap { definition -> Doctor.Check? in
            do {
                _ = try checked(definition.name)
                return nil
            } catch {
                let isVariable = value(definition.name)?.origin == .environment
                return Doctor.Check(
                    name: name, result: .finding, message: (error as? TwinError)?.message ?? "\(error)",
                    remedy: isVariable ? "unset \(definition.variable)" : "twin config unset \(definition.name)")
            }
        }
        return findings.isEmpty
            ? [Doctor.Check(name: name, result: .fine, message: "each setting is one that twin takes")] : findings
    }
}

extension Configuration.Definition {
    /// Throws `TwinError` that says what the setting takes.
    package func check(_ text: String) throws {
        switch value {
        case .text:
            if text.isEmpty { throw TwinError(.invalid, "\(name) must not be empty; 'twin config unset \(name)' removes it") }
        case .path:
            if text.isEmpty { throw TwinError(.invalid, "\(name) takes a path") }
        case .url:
            guard text.hasPrefix("http://") || text.hasPrefix("https://"), (try? WebAddress(text)) != nil else {
                throw TwinError(.invalid, "\(name) takes a URL that begins with http:// or https://")
            }
        case .mailServer: try named { _ = try MailServer(text) }
        case .mailbox: try named { _ = try Mailbox(text) }
        case .proxies: try named { _ = try TrustedProxies(Configuration.list(of: text)) }
        case .addresses:
            for word in Configuration.list(of: text) where IPAddress(word) == nil {
                throw TwinError(.invalid, "\(name) takes addresses such as 10.0.0.7, separated by commas; '\(word)' is none")
            }
        case .integer(let range):
            guard let number = Int(text), range.contains(number) else {
                throw TwinError(.invalid, "\(name) takes a number from \(range.lowerBound) to \(range.upperBound)")
            }
        case .flag:
            guard ["true", "false", "1", "0", "yes", "no", "on", "off"].contains(text.lowercased()) else {
                throw TwinError(.invalid, "\(name) takes true or false")
            }
        case .word(let words):
            guard words.contains(text) else {
                throw TwinError(.invalid, "\(name) takes \(words.joined(separator: " or "))\(suggestion(for: text, words))")
            }
        case .dollars:
            guard Money(dollars: text) != nil else {
                throw TwinError(.invalid, "\(name) takes an amount of dollars such as 0.04, at most a million")
            }
        case .words(let words):
            let given = Configuration.list(of: text)
            let wrong = given.first { !words.contains($0) }
            guard !given.isEmpty, wrong == nil else {
                throw TwinError(
                    .invalid,
                    "\(name) takes one or more of \(words.joined(separator: ", ")), separated by commas"
                        + (wrong.map { suggestion(for: $0, words) } ?? ""))
            }
        }
    }

    private func suggestion(for word: String, _ words: [String]) -> String {
        let near = Suggestion.nearest(to: word, among: words).map { "; did you mean '\($0)'?" }
        return near ?? ", not '\(word.shortened(to: 60))'"
    }

    /// Gives an error of what a setting is made into the setting's name.
    private func named(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as TwinError {
            throw TwinError(error.kind, "\(name): \(error.message)")
        }
    }

    func json(_ text: String) -> JSON {
        switch value {
        case .integer: Int64(text).map(JSON.int) ?? .string(text)
        case .flag: .bool(["true", "1", "yes", "on"].contains(text.lowercased()))
        case .text, .path, .url, .mailServer, .mailbox, .addresses, .proxies, .words, .word, .dollars: .string(text)
        }
    }
}
