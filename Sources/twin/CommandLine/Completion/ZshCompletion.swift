/// Completions for zsh's own completion system: a function for each command, with the help of each option.
enum ZshCompletion {
    static func script(for root: Command) -> String {
        header + root.walk().map(function).joined(separator: "\n") + footer
    }

    private static func function(_ node: Command.Node) -> String {
        let name = functionName(node.path)
        let specs = (node.command.options + Option.global).flatMap(spec)
        guard node.command.run == nil else {
            let operands = node.command.arguments.enumerated().map { spec($1, at: $0 + 1) }
            return "\(name)() {\n    _arguments -s -S \\\n"
                + (specs + operands).map { "        \($0)" }.joined(separator: " \\\n") + "\n}\n"
        }
        let below = node.command.visibleSubcommands
        var text = "\(name)() {\n    local curcontext=$curcontext state state_descr line\n    typeset -A opt_args\n"
        if node.path.isEmpty { text += "    local -a twin_line=(\"${words[@]}\")\n    local -i twin_current=CURRENT\n" }
        text += "    _arguments -C -s -S \\\n"
        text += specs.map { "        \($0) \\\n" }.joined()
        text += "        '1: :->command' '*::: :->rest'\n    case $state in\n        command)\n"
        text += "            local -a commands=(\n"
        for command in below {
            text += "                \("\(command.name):\(command.summary)".shellQuoted)\n"
        }
        text += "            )\n            _describe -t commands 'command' commands ;;\n"
        // With three colons the words are those after the command; its own functions expect it before them.
        text +=
            "        rest)\n            words=(\"$line[1]\" \"${words[@]}\")\n            ((CURRENT += 1))\n            case $line[1] in\n"
        for command in below {
            text += "                \(command.name)) \(functionName(node.path + [command.name])) ;;\n"
        }
        return text + "            esac ;;\n    esac\n}\n"
    }

    private static func functionName(_ path: [String]) -> String { (["_twin"] + path).joined(separator: "_") }

    /// The specifications of an option for `_arguments` (zshcompsys(1)).
    private static func spec(_ option: Option) -> [String] {
        let help = "[" + escaped(option.help, also: "[]") + "]"
        guard !option.isFlag else {
            if option.isNegatable {
                return option.spellings.map { spelling in
                    let off = spelling.hasPrefix("--no-")
                    return (spelling + "[" + escaped((off ? "Off: " : "") + option.help, also: "[]") + "]").shellQuoted
                }
            }
            guard option.short != nil else { return [("--" + option.name + help).shellQuoted] }
            let all = option.spellings
            return ["'(\(all.joined(separator: " ")))'{\(all.joined(separator: ","))}" + help.shellQuoted]
        }
        let value = ":" + escaped(option.placeholder) + ":" + action(option.completion)
        let spellings = option.spellings.map { $0.hasPrefix("--") ? $0 + "=" : $0 + "+" }
        let prefix = option.repeats ? "*" : "(\(option.spellings.joined(separator: " ")))"
        guard option.short != nil else { return [(prefix + "--" + option.name + "=" + help + value).shellQuoted] }
        return ["\(prefix.shellQuoted){\(spellings.joined(separator: ","))}\((help + value).shellQuoted)"]
    }

    private static func spec(_ argument: Argument, at index: Int) -> String {
        let start =
            switch argument.arity {
            case .one: "\(index):"
            case .optional: "\(index)::"
            case .many, .oneOrMore: "*:"
            }
        return (start + escaped(argument.name) + ":" + action(argument.completion)).shellQuoted
    }

    private static func action(_ kind: CompletionKind) -> String {
        switch kind {
        case .none: " "
        case .files: "_files"
        case .directories: "_files -/"
        case .choices(let choices): "(" + choices.joined(separator: " ") + ")"
        // The leading space keeps _arguments from adding its own arguments to the call.
        case .dynamic(let dynamic): " _twin_values \(dynamic.rawValue)"
        }
    }

    private static func escaped(_ text: String, also characters: String = "") -> String {
        text.map { "\\:".contains($0) || characters.contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    private static let header = """
        #compdef twin
        # zsh completion for twin, made from the command table by 'twin __generate'; do not edit.

        # Offers values that live in the database, as 'twin __complete' knows them.
        _twin_values() {
            local kind=$1 line index
            local -a context before found
            for ((index = 2; index < twin_current; index++)); do
                case $twin_line[index] in
                    --db=*|--twin=*) context+=("$twin_line[index]") ;;
                    --db|--twin|-t)
                        ((index + 1 < twin_current)) && context+=("$twin_line[index]" "$twin_line[index+1]") ;;
                esac
            done
            [[ $kind == commands ]] && before=("${(@)words[2,CURRENT-1]}")
            for line in "${(@f)$("${twin_line[1]/#\\~/$HOME}" __complete $kind "${context[@]}" -- "${before[@]}" "$PREFIX" 2>/dev/null)}"; do
                [[ -n $line ]] && found+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
            done
            _describe -t $kind $kind found
        }


        """

    private static let footer = """

        if [[ $funcstack[1] == _twin ]]; then
            _twin "$@"
        else
            compdef _twin twin
        fi

        """
}
