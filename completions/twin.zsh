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
    for line in "${(@f)$("${twin_line[1]/#\~/$HOME}" __complete $kind "${context[@]}" -- "${before[@]}" "$PREFIX" 2>/dev/null)}"; do
        [[ -n $line ]] && found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    _describe -t $kind $kind found
}

_twin() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    local -a twin_line=("${words[@]}")
    local -i twin_current=CURRENT
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'chat:Ask a twin a question, or talk with it'
                'search:Find the passages of a twin'\''s documents that match some words'
                'conversations:List conversations and read them again'
                'twins:Create, list and change twins'
                'ingest:Read files, folders and web pages into a twin'
                'sources:List, show and remove what a twin has read'
                'eval:Measure how well a twin finds, answers and refuses'
                'doctor:Check the database, the index and the tools, and say what mends each finding'
                'rebuild:Make the search index anew from the stored texts'
                'backup:Copy the database to a file while it is in use'
                'restore:Put a backup in the place of the database'
                'config:Read and change settings'
                'paths:Show which files are used'
                'help:Show help about a command or a topic'
                'completions:Print the completion script of a shell'
                'version:Show the version'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                chat) _twin_chat ;;
                search) _twin_search ;;
                conversations) _twin_conversations ;;
                twins) _twin_twins ;;
                ingest) _twin_ingest ;;
                sources) _twin_sources ;;
                eval) _twin_eval ;;
                doctor) _twin_doctor ;;
                rebuild) _twin_rebuild ;;
                backup) _twin_backup ;;
                restore) _twin_restore ;;
                config) _twin_config ;;
                paths) _twin_paths ;;
                help) _twin_help ;;
                completions) _twin_completions ;;
                version) _twin_version ;;
            esac ;;
    esac
}

_twin_chat() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--conversation -c)'{--conversation=,-c+}'[Go on with this conversation]:ID: _twin_values conversations' \
        '--exit-on-refusal[End with exit code 10 when the documents do not answer]' \
        '(--as-group)--as-group=[Ask as a member of this access group]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[Ask as the holder of this API key (its id)]:KEY: _twin_values keys' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '*:QUESTION|-: '
}

_twin_search() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--limit -n)'{--limit=,-n+}'[At most so many passages]:N: ' \
        '(--as-group)--as-group=[Search as a member of this access group]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[Search as the holder of this API key (its id)]:KEY: _twin_values keys' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '*:WORDS: '
}

_twin_conversations() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List a twin'\''s conversations, newest first'
                'show:Show the messages of a conversation'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_conversations_list ;;
                show) _twin_conversations_show ;;
            esac ;;
    esac
}

_twin_conversations_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--limit -n)'{--limit=,-n+}'[At most so many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]'
}

_twin_conversations_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:CONVERSATION: _twin_values conversations'
}

_twin_twins() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'create:Create a twin'
                'list:List the twins'
                'show:Show one twin: its settings and how much it knows'
                'set:Change a twin'\''s name, description or settings'
                'archive:Archive a twin: it stops answering, nothing is deleted'
                'delete:Delete a twin with everything it knows, for ever'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                create) _twin_twins_create ;;
                list) _twin_twins_list ;;
                show) _twin_twins_show ;;
                set) _twin_twins_set ;;
                archive) _twin_twins_archive ;;
                delete) _twin_twins_delete ;;
            esac ;;
    esac
}

_twin_twins_create() {
    _arguments -s -S \
        '(--name)--name=[The full name, as answers show it]:NAME: ' \
        '(--description)--description=[One line about the expert]:TEXT: ' \
        '*--setting=[A setting of the twin]:KEY=VALUE: _twin_values settings' \
        '--if-missing[Succeed when a twin with this slug is already there]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1::SLUG: '
}

_twin_twins_list() {
    _arguments -s -S \
        '--archived[Include archived twins]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]'
}

_twin_twins_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1::TWIN: _twin_values twins'
}

_twin_twins_set() {
    _arguments -s -S \
        '(--name)--name=[The new full name]:NAME: ' \
        '(--slug)--slug=[The new slug]:SLUG: ' \
        '(--description)--description=[The new description]:TEXT: ' \
        '*--setting=[Give a setting a value]:KEY=VALUE: _twin_values settings' \
        '*--unset=[Put a setting back to its default]:KEY: _twin_values settings' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:TWIN: _twin_values twins'
}

_twin_twins_archive() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:TWIN: _twin_values twins'
}

_twin_twins_delete() {
    _arguments -s -S \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:TWIN: _twin_values twins'
}

_twin_ingest() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '--recursive[Go into the folders below a folder]' \
        '--no-recursive[Off\: Go into the folders below a folder]' \
        '-r[Go into the folders below a folder]' \
        '*--include=[Only files that match]:GLOB: ' \
        '*--exclude=[No files and folders that match]:GLOB: ' \
        '--prune[Remove the sources below the given paths whose file is gone]' \
        '(--dry-run -n)'{--dry-run,-n}'[Show what would be done, in the shape of the result, and do nothing]' \
        '--retry-failed[Try the files again that failed before]' \
        '(--jobs -j)'{--jobs=,-j+}'[Read so many files at once]:N: ' \
        '--fail-fast[Stop at the first file that fails]' \
        '(--format -f)'{--format=,-f+}'[Read every input as this format, whatever its name]:FORMAT:(text markdown html csv tsv json jsonl srt vtt docx pptx xlsx epub feed email mbox pdf)' \
        '(--title)--title=[The title of the source; for a single input]:TEXT: ' \
        '*'{--metadata=,-m+}'[A property kept with each source of this run]:KEY=VALUE: ' \
        '(--from-file)--from-file=[Take further paths and addresses from a file, one a line; - is standard input]:LIST:_files' \
        '--allow-private[Fetch from private and loopback addresses too]' \
        '--follow[Follow symbolic links to folders; each folder is read once]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '*:PATH|URL|-:_files'
}

_twin_sources() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List a twin'\''s sources'
                'show:Show one source: where it is from, its state and its health'
                'logs:Show what happened to a source'
                'text:Print the text that was read from a source'
                'reextract:Read sources again from where they came from'
                'rm:Remove sources; they can answer no longer from this moment'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_sources_list ;;
                show) _twin_sources_show ;;
                logs) _twin_sources_logs ;;
                text) _twin_sources_text ;;
                reextract) _twin_sources_reextract ;;
                rm) _twin_sources_rm ;;
            esac ;;
    esac
}

_twin_sources_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '*'{--status=,-s+}'[Only sources in this state]:STATUS:(pending processing live error needs_attention)' \
        '(--match -m)'{--match=,-m+}'[Only sources whose title or path contains this]:TEXT: ' \
        '(--limit -n)'{--limit=,-n+}'[At most so many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]'
}

_twin_sources_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:SOURCE: _twin_values sources'
}

_twin_sources_logs() {
    _arguments -s -S \
        '(--level)--level=[The least level shown]:LEVEL:(info warning error)' \
        '(--limit -n)'{--limit=,-n+}'[At most so many entries, the newest]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:SOURCE: _twin_values sources'
}

_twin_sources_text() {
    _arguments -s -S \
        '(--range)--range=[Only these bytes, from 0, the end not included]:FROM-TO: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:SOURCE: _twin_values sources'
}

_twin_sources_reextract() {
    _arguments -s -S \
        '--allow-private[Fetch from private and loopback addresses too]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '*:SOURCE: _twin_values sources'
}

_twin_sources_rm() {
    _arguments -s -S \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '*:SOURCE: _twin_values sources'
}

_twin_eval() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--qrels)--qrels=[Relevance judgements to use instead of the file'\''s own]:FILE:_files' \
        '(--split)--split=[Which judgements of a BEIR folder\: qrels/NAME.tsv]:NAME: ' \
        '*--min=[Fail when this measure is below X]:MEASURE=X: ' \
        '*--max=[Fail when this measure is above X]:MEASURE=X: ' \
        '(--threshold)--threshold=[Refuse below this answerability instead of the twin'\''s own threshold]:X: ' \
        '--leave-out[Also ask each article'\''s questions of a twin without that article]' \
        '(--granularity)--granularity=[What of a SQuAD file is a document]:UNIT:(paragraph article)' \
        '--ingest[Ingest the documents that come with the questions; without, the twin that exists is asked]' \
        '--no-ingest[Off\: Ingest the documents that come with the questions; without, the twin that exists is asked]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:FILE:_files'
}

_twin_doctor() {
    _arguments -s -S \
        '--quick[Leave out the comparison of the index with the text]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]'
}

_twin_rebuild() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '--index[Make the search index anew, of one twin or of all]' \
        '--leftovers[Remove rows whose owner is gone, and texts that no source has]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]'
}

_twin_backup() {
    _arguments -s -S \
        '(--force -f)'{--force,-f}'[Replace FILE if it is there]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:FILE:_files'
}

_twin_restore() {
    _arguments -s -S \
        '(--force -f)'{--force,-f}'[Replace the present database]' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:FILE:_files'
}

_twin_config() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'get:Print the value of a setting'
                'set:Give a setting a value'
                'list:List the settings with their values'
                'unset:Put a setting back to its default'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                get) _twin_config_get ;;
                set) _twin_config_set ;;
                list) _twin_config_list ;;
                unset) _twin_config_unset ;;
            esac ;;
    esac
}

_twin_config_get() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:KEY: _twin_values settings'
}

_twin_config_set() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:KEY: _twin_values settings' \
        '2:VALUE: '
}

_twin_config_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]'
}

_twin_config_unset() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:KEY: _twin_values settings'
}

_twin_paths() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]'
}

_twin_help() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '*:COMMAND|TOPIC: _twin_values commands'
}

_twin_completions() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]' \
        '1:SHELL:(bash zsh fish)'
}

_twin_version() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value a line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and stop]'
}

if [[ $funcstack[1] == _twin ]]; then
    _twin "$@"
else
    compdef _twin twin
fi
