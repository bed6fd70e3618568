import TwinSupport

/// Text in the mdoc(7) language, built section by section.
struct Mdoc {
    private(set) var text: String

    init(title: String) {
        text = """
            .\\" Made from the command table by 'twin __generate'; do not edit.
            .Dd \(Program.date)
            .Dt \(title) 1
            .Os

            """
    }

    mutating func raw(_ lines: String) { text += lines }
    mutating func section(_ title: String) { text += ".Sh \(title)\n" }
    mutating func subsection(_ title: String) { text += ".Ss \(Self.escaped(title))\n" }
    mutating func macro(_ name: String, _ argument: String) { text += ".\(name) \(Self.escaped(argument))\n" }

    /// Paragraphs parted by empty lines; runs of lines that begin with two spaces are displayed as they stand.
    mutating func prose(_ prose: String) {
        var isDisplayed = false
        var needsBreak = false
        for line in prose.split(separator: "\n", omittingEmptySubsequences: false) {
            let isCode = line.hasPrefix("  ")
            if isDisplayed, !isCode { text += ".Ed\n" }
            if !isDisplayed, isCode { text += ".Bd -literal -offset indent\n" }
            if line.isEmpty {
                // A display brings its own space above; below it a paragraph begins anew.
                needsBreak = true
            } else if isCode {
                text += Self.line(String(line.dropFirst(2)), isLiteral: true)
                needsBreak = false
            } else {
                if needsBreak { text += ".Pp\n" }
                needsBreak = false
                // A sentence begins on its own line, so that the formatter sets the space after the one before.
                text += Self.sentences(String(line)).flatMap(Self.wrapped).map { Self.line($0) }.joined()
            }
            isDisplayed = isCode
        }
        if isDisplayed { text += ".Ed\n" }
    }

    mutating func tagged(_ items: [(tag: String, help: String)]) {
        guard !items.isEmpty else { return }
        text += ".Bl -tag -width Ds\n"
        for item in items {
            text += item.tag + "\n"
            prose(item.help)
        }
        text += ".El\n"
    }

    mutating func options(_ options: [Option]) {
        tagged(
            options.map { option in
                let value = option.isFlag ? "" : " Ar \(Self.word(option.placeholder))"
                // In `.Fl -name` the macro itself sets the first dash.
                let names = option.spellings.sorted { $0.count < $1.count }.map { "Fl \(Self.word(String($0.dropFirst())))" }
                return (".It " + names.joined(separator: " , ") + value, option.fullHelp + ".")
            })
    }

    mutating func arguments(_ arguments: [Argument]) {
        tagged(arguments.map { (".It Ar \(Self.word($0.name))", $0.help + ".") })
    }

    mutating func synopsis(_ node: Command.Node) {
        text += ".Nm twin \(node.name)\n"
        if !node.command.options.isEmpty { text += ".Op Ar options\n" }
        for argument in node.command.arguments {
            let name = Self.word(argument.name)
            switch argument.arity {
            case .one: text += ".Ar \(name)\n"
            case .optional: text += ".Op Ar \(name)\n"
            case .many: text += ".Op Ar \(name) ...\n"
            case .oneOrMore: text += ".Ar \(name) ...\n"
            }
        }
    }

    mutating func exits(_ codes: [ExitCode]) {
        section("EXIT STATUS")
        tagged(codes.map { (".It \($0.rawValue)", $0.meaning) })
    }

    mutating func examples(_ examples: [Example]) {
        guard !examples.isEmpty else { return }
        section("EXAMPLES")
        for (index, example) in examples.enumerated() {
            if index > 0 { text += ".Pp\n" }
            let effect = example.effect.prefix(1).uppercased() + example.effect.dropFirst()
            text += Self.line(effect + ":") + ".Dl \(Self.escaped(example.line, isLiteral: true))\n"
        }
    }

    mutating func references(_ pages: [String]) {
        let sorted = pages.sorted()
        for page in sorted { text += ".Xr \(page) 1" + (page == sorted.last ? "\n" : " ,\n") }
    }

    // MARK: Escaping

    /// A line of text. One that begins with a dot or an apostrophe would be read as a request.
    private static func line(_ text: String, isLiteral: Bool = false) -> String {
        (text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" : "") + escaped(text, isLiteral: isLiteral) + "\n"
    }

    /// In prose a dash within a word is a hyphen; everywhere else it is the character that people type.
    private static func escaped(_ text: String, isLiteral: Bool = false) -> String {
        var previous: Character = " "
        return text.map { character in
            defer { previous = character }
            switch character {
            case "\\": return "\\e"
            case "-": return !isLiteral && previous.isLetter ? "-" : "\\-"
            case "'": return "\\(aq"
            case "\"": return "\\(dq"
            case "`": return "\\(ga"
            case "~": return "\\(ti"
            case "^": return "\\(ha"
            default: return String(character)
            }
        }.joined()
    }

    /// One argument of a macro.
    private static func word(_ text: String) -> String {
        let escaped = escaped(text, isLiteral: true)
        return escaped.contains(" ") ? "\"\(escaped)\"" : escaped
    }

    /// Lines that stay below 80 bytes when they are escaped, as mdoc(7) asks.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var current = ""
        for word in text.split(separator: " ") {
            if !current.isEmpty, escaped(current + " " + word).utf8.count > 79 {
                lines.append(current)
                current = String(word)
            } else {
                current += (current.isEmpty ? "" : " ") + word
            }
        }
        return lines + [current]
    }

    private static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        for word in text.split(separator: " ") {
            current += (current.isEmpty ? "" : " ") + word
            if let last = word.last, ".!?".contains(last) {
                sentences.append(current)
                current = ""
            }
        }
        return current.isEmpty ? sentences : sentences + [current]
    }
}
