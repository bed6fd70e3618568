/// Completions for fish 3 and later.
enum FishCompletion {
    static func script(for root: Command) -> String {
        let nodes = root.walk()
        return header + functions(nodes) + nodes.map(lines).joined()
    }

    /// Functions that read the line up to the cursor as the parser would.
    private static func functions(_ nodes: [Command.Node]) -> String {
        var text = "\n# Whether the option $argv[2] of the command $argv[1] takes a value.\n"
        text += "function __twin_takes_value\n"
        text += "    switch \"$argv[1] $argv[2]\"\n"
        let global = Option.global.filter { !$0.isFlag }.flatMap(\.spellings).map { quoted("* \($0)") }
        text += "        case \(global.joined(separator: " "))\n            return 0\n"
        for node in nodes {
            let spellings = node.command.options.filter { !$0.isFlag }.flatMap(\.spellings)
            if spellings.isEmpty { continue }
            let patterns = spellings.map { quoted("\(node.name) \($0)") }
            text += "        case \(patterns.joined(separator: " "))\n            return 0\n"
        }
        text += "    end\n    return 1\nend\n\n# The commands that have commands below them.\nfunction __twin_is_group\n"
        let groups = nodes.filter { !$0.command.subcommands.isEmpty }.map { quoted($0.name) }
        return text + "    contains -- \"$argv[1]\" \(groups.joined(separator: " "))\nend\n" + reader
    }

    private static func lines(_ node: Command.Node) -> String {
        var text = "\n"
        for below in node.command.visibleSubcommands {
            text +=
                "complete -c twin -n \(quoted("__twin_at \(quoted(node.name))")) -a \(below.name) "
                + "-d \(quoted(below.summary))\n"
        }
        for (index, argument) in node.command.arguments.enumerated() where argument.completion != .none {
            let repeats = argument.arity == .many || argument.arity == .oneOrMore
            let place = repeats ? "\(index) and more" : "\(index)"
            let condition = quoted("__twin_at \(quoted(node.name)) \(place)")
            text += "complete -c twin -n \(condition) \(values(argument.completion))\n"
        }
        for option in node.path.isEmpty ? Option.global : node.command.options {
            text += line(option, at: node.path.isEmpty ? "" : "-n \(quoted("__twin_in \(quoted(node.name))")) ")
        }
        return text
    }

    private static func line(_ option: Option, at condition: String) -> String {
        let start = "complete -c twin \(condition)"
        let short = option.short.map { "-s \($0) " } ?? ""
        var text = start + short + "-l \(option.name) "
        if !option.isFlag { text += option.completion == .files ? "-r -F " : "-x " }
        switch option.completion {
        case .none, .files: break
        default: text += values(option.completion) + " "
        }
        text += "-d \(quoted(option.help))\n"
        if option.isNegatable { text += start + "-l no-\(option.name) -d \(quoted("Off: " + option.help))\n" }
        return text
    }

    private static func values(_ kind: CompletionKind) -> String {
        switch kind {
        case .none: ""
        case .files: "-F"
        case .directories: "-a '(__fish_complete_directories)'"
        case .choices(let choices): "-a \(quoted(choices.joined(separator: " ")))"
        case .dynamic(let dynamic): "-a '(__twin_values \(dynamic.rawValue))'"
        }
    }

    /// Between single quotes, in which fish reads only `\'` and `\\`.
    private static func quoted(_ text: String) -> String {
        "'" + text.map { "'\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
    }

    private static let header = """
        # fish completion for twin, made from the command table by 'twin __generate'; do not edit.

        """

    private static let reader = """

        # Reads the words before the cursor: first the command's path, then each operand, then '--context' and the options
        # that say which database and which twin is meant.
        function __twin_read
            set -l path
            set -l expects
            set -l ended
            set -l operands
            set -l context
            for word in (commandline -opc)[2..-1]
                if test -n "$expects"
                    contains -- $expects --db --twin -t; and set -a context $expects $word
                    set expects
                else if test -n "$ended"
                    set -a operands $word
                else if test "$word" = --
                    set ended 1
                else if string match -q -- '--*=*' $word
                    string match -qr -- '^--(db|twin)=' $word; and set -a context $word
                else if string match -q -- '--*' $word
                    __twin_takes_value "$path" $word; and set expects $word
                else if string match -qr -- '^-.' $word
                    set -l letters (string split '' -- (string sub -s 2 -- $word))
                    for index in (seq (count $letters))
                        if __twin_takes_value "$path" -$letters[$index]
                            test $index -eq (count $letters); and set expects -$letters[$index]
                            break
                        end
                    end
                else if __twin_is_group "$path"
                    set -a path $word
                else
                    set -a operands $word
                end
            end
            echo "$path"
            string join \\n -- $operands
            echo --context
            string join \\n -- $context
        end

        # Whether the line is within the command $argv[1].
        function __twin_in
            set -l read (__twin_read)
            test "$read[1]" = "$argv[1]"
        end

        # Whether the line is within the command $argv[1] and an operand comes next: its number $argv[2], from 0, or a later one
        # with 'and more'.
        function __twin_at
            set -l read (__twin_read)
            test "$read[1]" = "$argv[1]"; or return 1
            test (count $argv) -eq 1; and return 0
            set -l count (math (contains -i -- --context $read) - 2)
            if test (count $argv) -gt 2
                test $count -ge $argv[2]
            else
                test $count -eq $argv[2]
            end
        end

        # Values that live in the database, as 'twin __complete' knows them.
        function __twin_values
            set -l read (__twin_read)
            set -l end (contains -i -- --context $read)
            set -l before
            test $argv[1] = commands; and test $end -gt 2; and set before $read[2..(math $end - 1)]
            set -l context
            test $end -lt (count $read); and set context $read[(math $end + 1)..-1]
            set -l program (commandline -opc)[1]
            eval $program __complete $argv[1] (string escape -- $context) -- (string escape -- $before) (commandline -ct | string escape) 2>/dev/null
        end

        complete -c twin -f

        """
}
