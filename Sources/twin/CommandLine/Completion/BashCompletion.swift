/// Completions for bash 4 and later, with or without the bash-completion package.
///
/// The script holds the table as four look-ups (what follows a command, its options, what an option and an operand take)
/// and one function that reads the line up to the cursor as the parser would.
enum BashCompletion {
    static func script(for root: Command) -> String {
        let nodes = root.walk()
        return header
            + lookup("commands", nodes) { node in
                let names = node.command.visibleSubcommands.map(\.name)
                return names.isEmpty ? nil : "echo \(names.joined(separator: " ").shellQuoted)"
            }
            + lookup("options", nodes) { node in
                let spellings = node.command.options.flatMap(\.spellings)
                return spellings.isEmpty ? nil : "echo \(spellings.joined(separator: " ").shellQuoted)"
            }
            + optionKinds(nodes)
            + operandKinds(nodes)
            + body(global: Option.global.flatMap(\.spellings).joined(separator: " "))
    }

    private static func lookup(_ name: String, _ nodes: [Command.Node], line: (Command.Node) -> String?) -> String {
        var text = "\n_twin_\(name)() {\n    case $1 in\n"
        for node in nodes {
            if let line = line(node) { text += "        \(node.name.shellQuoted)) \(line) ;;\n" }
        }
        return text + "    esac\n}\n"
    }

    private static func optionKinds(_ nodes: [Command.Node]) -> String {
        var text = """

            # What the option $2 of the command $1 takes; fails when it takes no value.
            _twin_option() {
                case "$1 $2" in

            """
        func add(_ path: String, _ options: [Option]) {
            for option in options where !option.isFlag {
                let patterns = option.spellings.map { path + $0.shellQuoted }.joined(separator: " | ")
                text += "        \(patterns)) echo \(kind(option.completion)) ;;\n"
            }
        }
        for node in nodes { add((node.name + " ").shellQuoted, node.command.options) }
        add("*' '", Option.global)
        return text + "        *) return 1 ;;\n    esac\n}\n"
    }

    private static func operandKinds(_ nodes: [Command.Node]) -> String {
        var text = """

            # What the operand number $2, from 0, of the command $1 takes.
            _twin_operand() {
                case "$1 $2" in

            """
        for node in nodes {
            for (index, argument) in node.command.arguments.enumerated() where argument.completion != .none {
                let repeats = argument.arity == .many || argument.arity == .oneOrMore
                let pattern = repeats ? (node.name + " ").shellQuoted + "*" : "\(node.name) \(index)".shellQuoted
                text += "        \(pattern)) echo \(kind(argument.completion)) ;;\n"
            }
        }
        return text + "    esac\n}\n"
    }

    private static func kind(_ kind: CompletionKind) -> String {
        switch kind {
        case .none: "none"
        case .files: "files"
        case .directories: "directories"
        case .choices(let choices): ("choices " + choices.joined(separator: " ")).shellQuoted
        case .dynamic(let dynamic): "'dynamic \(dynamic.rawValue)'"
        }
    }

    private static let header = """
        # bash completion for twin, made from the command table by 'twin __generate'; do not edit.

        """

    private static func body(global: String) -> String {
        """

        # Offers what the kind $1 allows for the prefix $2.
        _twin_offer() {
            local line
            case $1 in
                files) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
                directories) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
                'choices '*) mapfile -t COMPREPLY < <(compgen -W "${1#choices }" -- "$2") ;;
                'dynamic '*)
                    local before=()
                    [[ $1 == 'dynamic commands' ]] && before=("${operands[@]}")
                    while IFS= read -r line; do
                        printf -v line '%q' "${line%%$'\\t'*}"
                        COMPREPLY+=("$line")
                    done < <("${COMP_WORDS[0]/#\\~/$HOME}" __complete "${1#dynamic }" "${context[@]}" -- \\
                        "${before[@]}" "$2" 2>/dev/null)
                    ;;
            esac
        }

        _twin() {
            COMPREPLY=()
            # Bash cuts words at '=': put '--name=value' together again.
            local words=() index word joined=
            for ((index = 0; index <= COMP_CWORD; index++)); do
                word=${COMP_WORDS[index]}
                if ((index > 0)) && [[ $word == = && ${words[-1]} == --* || -n $joined ]]; then
                    words[-1]+=$word
                    [[ $word == = ]] && joined=1 || joined=
                else
                    words+=("$word")
                fi
            done

            local path= expects= ended= kind= letters option operands=() context=() last=$((${#words[@]} - 1))
            for ((index = 1; index < last; index++)); do
                word=${words[index]}
                if [[ -n $expects ]]; then
                    case $expects in --db | --twin | -t) context+=("$expects" "$word") ;; esac
                    expects=
                elif [[ -n $ended ]]; then
                    operands+=("$word")
                elif [[ $word == -- ]]; then
                    ended=1
                elif [[ $word == --*=* ]]; then
                    case $word in --db=* | --twin=*) context+=("$word") ;; esac
                elif [[ $word == --* ]]; then
                    _twin_option "$path" "$word" >/dev/null && expects=$word
                elif [[ $word == -?* ]]; then
                    for ((letters = 1; letters < ${#word}; letters++)); do
                        option=-${word:letters:1}
                        if _twin_option "$path" "$option" >/dev/null; then
                            ((letters == ${#word} - 1)) && expects=$option
                            break
                        fi
                    done
                elif [[ -n $(_twin_commands "$path") ]]; then
                    path=${path:+$path }$word
                else
                    operands+=("$word")
                fi
            done

            word=${words[last]}
            if [[ -n $expects ]]; then
                _twin_offer "$(_twin_option "$path" "$expects")" "$word"
            elif [[ -z $ended && $word == --*=* ]]; then
                kind=$(_twin_option "$path" "${word%%=*}") || return
                _twin_offer "$kind" "${word#*=}"
                # Without '=' among the word breaks the reply has to repeat what stands before it.
                [[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("${COMPREPLY[@]/#/${word%%=*}=}")
            elif [[ -z $ended && $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$(_twin_options "$path") \(global)" -- "$word")
            elif [[ -n $(_twin_commands "$path") ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$(_twin_commands "$path")" -- "$word")
            else
                _twin_offer "$(_twin_operand "$path" "${#operands[@]}")" "$word"
            fi
        }

        complete -F _twin twin

        """
    }
}
