import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The three scripts in the shells that they are for. A shell that is not installed is a failure, not a reason to skip.
@Suite struct CompletionTests {
    /// A line up to the cursor, and what is offered there.
    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        let offers: [String]
        /// Whether nothing else may be offered.
        var isExact = true

        var testDescription: String { line }
    }

    static let cases = [
        Case(line: "twin so", offers: ["sources"]),
        Case(line: "twin ", offers: ["chat", "ingest", "sources", "twins", "version"], isExact: false),
        Case(line: "twin sources ", offers: ["list", "logs", "open", "reextract", "rm", "set", "show", "text"]),
        Case(line: "twin --db x.db sources l", offers: ["list", "logs"]),
        Case(line: "twin -q conv", offers: ["conversations"]),
        Case(line: "twin sources list --st", offers: ["--status"]),
        Case(line: "twin ingest --no", offers: ["--no-color", "--no-graph", "--no-ignore", "--no-recursive"]),
        Case(line: "twin sources list --status ", offers: ["error", "live", "needs_attention", "pending", "processing"]),
        Case(line: "twin sources list -s er", offers: ["error"]),
        Case(line: "twin ingest --format=mark", offers: ["markdown"]),
        Case(line: "twin ingest -rf mark", offers: ["markdown"]),
        Case(line: "twin ingest notes.md --format mark", offers: ["markdown"]),
        Case(line: "twin completions ", offers: ["bash", "fish", "zsh"]),
        Case(line: "twin help so", offers: ["sources"]),
        Case(line: "twin help sources r", offers: ["reextract", "rm"]),
        Case(line: "twin help exi", offers: ["exit-codes"]),
        Case(line: "twin backup no", offers: ["notes.md"]),
        Case(line: "twin ingest --from-file no", offers: ["notes.md"]),
        Case(line: "twin ingest -- no", offers: ["notes.md"]),
        // The values of a database come from `twin __complete`, which gets the database and the twin of the line.
        Case(line: "twin --db x.db chat --twin a", offers: ["ada:twins:--db:x.db"]),
        Case(line: "twin sources show --db=y.db ", offers: ["one:sources:--db=y.db", "two:sources:--db=y.db"]),
        Case(line: "twin search --twin ada --as-group f", offers: ["friends:groups:--twin:ada"]),
    ]

    /// A folder with a file, and a `twin` that answers `__complete` from a list and passes everything else on.
    private func withShellFolder(_ body: (_ folder: String, _ environment: [String: String]) throws -> Void) throws {
        try TwinBinary.withFolder { folder in
            let double = """
                #!/bin/bash
                [[ $1 == __complete && $2 != commands ]] || exec '\(TwinBinary.path)' "$@"
                kind=$2; shift 2; context=
                while [[ $1 != -- ]]; do context+=:$1; shift; done
                prefix=$2
                case $kind in
                    twins) values=(ada grace) ;;
                    sources) values=(one two) ;;
                    groups) values=(friends) ;;
                esac
                for value in "${values[@]}"; do
                    [[ $value == "$prefix"* ]] && printf '%s:%s%s\\tWhat it is: %s\\n' "$value" "$kind" "$context" "$value"
                done
                true
                """
            let setUp = """
                mkdir bin functions home && cat > bin/twin && chmod +x bin/twin && touch notes.md \
                && cp '\(TwinBinary.repository)/completions/twin.zsh' functions/_twin
                """
            let made = try ChildProcess.run(["bash", "-c", setUp], input: double, directory: folder)
            #expect(made.code == 0, "\(made.errors)")
            try body(
                folder,
                TwinBinary.environment([
                    "HOME": folder + "/home", "PATH": "\(folder)/bin:\(ChildProcess.environment()["PATH"] ?? "/usr/bin")",
                    "XDG_CONFIG_HOME": folder + "/home", "XDG_DATA_HOME": folder + "/home", "ZDOTDIR": folder + "/home",
                ]))
        }
    }

    private func check(_ output: String, against cases: [Case], in shell: String) {
        let answers = output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        #expect(answers.count == cases.count, "\(shell) answered:\n\(output)")
        for (answer, expected) in zip(answers, cases) {
            let offers = answer.dropFirst().map { offer in
                // fish repeats the option's name before the value.
                shell == "fish" && offer.hasPrefix("--") && offer.contains("=") && expected.line.contains("--format=")
                    ? String(offer.split(separator: "=", maxSplits: 1).last ?? "") : offer
            }
            if expected.isExact {
                #expect(offers.sorted() == expected.offers.sorted(), "\(shell): \(expected.line)")
            } else {
                #expect(Set(offers).isSuperset(of: expected.offers), "\(shell): \(expected.line)")
                #expect(!offers.contains { $0.hasPrefix("__") }, "\(shell) offers a hidden command")
            }
        }
    }

    @Test(arguments: [true, false])
    func `bash completes commands, options, choices, files and values`(withPackage: Bool) throws {
        // Readline cuts the line into words at blanks and at '='; what is tried here is the function it calls.
        let driver = """
            \(withPackage ? "source /usr/share/bash-completion/bash_completion || exit" : "")
            source '\(TwinBinary.repository)/completions/twin.bash' || exit
            while IFS= read -r line; do
                read -ra COMP_WORDS <<< "${line//=/ = }"
                [[ $line == *' ' ]] && COMP_WORDS+=('')
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
                COMPREPLY=()
                _twin
                printf '%s' "$line"; ((${#COMPREPLY[@]})) && printf '\\t%s' "${COMPREPLY[@]}"; echo
            done
            """
        try withShellFolder { folder, environment in
            let result = try ChildProcess.run(
                ["bash", "--norc", "-c", driver], input: Self.cases.map(\.line).joined(separator: "\n") + "\n",
                environment: environment, directory: folder)
            #expect(result.errors.isEmpty)
            check(result.output, against: Self.cases, in: "bash")
        }
    }

    @Test func `bash itself completes a line that is typed`() throws {
        try withShellFolder { folder, environment in
            let shell = try Pseudoterminal(["bash", "--norc", "-i"], columns: 200, environment: environment)
            shell.send(
                "cd '\(folder)'; bind 'set enable-bracketed-paste off'; source '\(TwinBinary.repository)/completions/twin.bash'; PS1='rea''dy> '\r"
            )
            try shell.expect("ready> ")
            shell.send("twin completions fi\t")
            try shell.expect("twin completions fish")
            shell.send("\u{15}twin ingest --format=markd\t")
            try shell.expect("--format=markdown ")
        }
    }

    @Test func `zsh completes commands, options, choices, files and values`() throws {
        let driver = """
            zmodload zsh/zpty || exit
            zpty z zsh -f -i
            zpty -w z 'stty -echo; PS1=; fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -D; OUT=$PWD/offers'
            # Every match goes through compadd; with -O, -A or -D it only fills arrays.
            zpty -w z 'compadd() { local -a hits; if (( ${@[1,(i)--][(I)-[OAD]*]} )); then builtin compadd "$@"; return; fi;'\\
            ' builtin compadd -A hits "$@"; (( $#hits )) && print -rl -- $hits >> $OUT; builtin compadd "$@" }'
            zpty -w z 'complete_now() { _main_complete; print -u2 -r -- "@@""done@@" }'
            zpty -w z 'zle -C complete_now list-choices complete_now; bindkey "^I" complete_now; print "@@""done@@"'
            zpty -r z ignored '*@@done@@*'
            while IFS= read -r line; do
                : > offers
                zpty -n -w z "$line"$'\\t'
                zpty -r z ignored '*@@done@@*'
                print -rn -- "$line"
                sort -u offers | while IFS= read -r offer; do print -rn -- $'\\t'"$offer"; done
                print
                zpty -n -w z $'\\025'
            done
            zpty -d z
            """
        try withShellFolder { folder, environment in
            let result = try ChildProcess.run(
                ["zsh", "-f", "-c", driver], input: Self.cases.map(\.line).joined(separator: "\n") + "\n",
                environment: environment, directory: folder)
            #expect(result.errors.isEmpty)
            check(result.output, against: Self.cases, in: "zsh")
        }
    }

    @Test func `zsh shows what an option and a value are for`() throws {
        try withShellFolder { folder, environment in
            let shell = try Pseudoterminal(["zsh", "-f", "-i"], columns: 200, environment: environment)
            shell.send("cd '\(folder)'; fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -D; PS1='rea''dy> '\r")
            try shell.expect("ready> ")
            shell.send("twin chat --exit-on-refusal --c\t")
            try shell.expect("--conversation")
            shell.send("\u{15}twin search --limit=3 --a\t\t")
            try shell.expect("Search as a member of this access group")
        }
    }

    @Test func `fish completes commands, options, choices, files and values`() throws {
        let driver = """
            source '\(TwinBinary.repository)/completions/twin.fish'
            while read -l --delimiter \\n line
                set -l offers (complete -C"$line" | string replace -r '\\t.*' '')
                string join \\t -- $line $offers
            end
            """
        try withShellFolder { folder, environment in
            let result = try ChildProcess.run(
                ["fish", "--no-config", "-c", driver], input: Self.cases.map(\.line).joined(separator: "\n") + "\n",
                environment: environment, directory: folder)
            #expect(result.errors.isEmpty)
            check(result.output, against: Self.cases, in: "fish")
        }
    }

    @Test func `fish shows what an option and a value are for`() throws {
        try withShellFolder { folder, environment in
            let script =
                "source '\(TwinBinary.repository)/completions/twin.fish'; complete -C'twin search --as-g'; complete -C'twin sources show o'"
            let result = try ChildProcess.run(["fish", "--no-config", "-c", script], environment: environment, directory: folder)
            #expect(result.lines == ["--as-group\tSearch as a member of this access group", "one:sources\tWhat it is: one"])
        }
    }
}
