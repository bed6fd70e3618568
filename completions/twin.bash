# bash completion for twin, made from the command table by 'twin __generate'; do not edit.

_twin_commands() {
    case $1 in
        '') echo 'chat search conversations twins ingest sources eval doctor rebuild backup restore config paths help completions version' ;;
        'conversations') echo 'list show' ;;
        'twins') echo 'create list show set archive delete' ;;
        'sources') echo 'list show logs text reextract rm' ;;
        'config') echo 'get set list unset' ;;
    esac
}

_twin_options() {
    case $1 in
        'chat') echo '--twin -t --conversation -c --exit-on-refusal --as-group --as-key' ;;
        'search') echo '--twin -t --limit -n --as-group --as-key' ;;
        'conversations list') echo '--twin -t --limit -n' ;;
        'twins create') echo '--name --description --setting --if-missing' ;;
        'twins list') echo '--archived' ;;
        'twins set') echo '--name --slug --description --setting --unset' ;;
        'twins delete') echo '--yes -y --dry-run' ;;
        'ingest') echo '--twin -t --recursive --no-recursive -r --include --exclude --prune --dry-run -n --retry-failed --jobs -j --fail-fast --format -f --title --metadata -m --from-file --allow-private --follow' ;;
        'sources list') echo '--twin -t --status -s --match -m --limit -n' ;;
        'sources logs') echo '--level --limit -n' ;;
        'sources text') echo '--range' ;;
        'sources reextract') echo '--allow-private' ;;
        'sources rm') echo '--dry-run' ;;
        'eval') echo '--twin -t --qrels --split --min --max --threshold --leave-out --granularity --ingest --no-ingest' ;;
        'doctor') echo '--quick' ;;
        'rebuild') echo '--twin -t --index --leftovers' ;;
        'backup') echo '--force -f' ;;
        'restore') echo '--force -f --dry-run' ;;
        'config get') echo '--twin -t' ;;
        'config set') echo '--twin -t' ;;
        'config list') echo '--twin -t' ;;
        'config unset') echo '--twin -t' ;;
    esac
}

# What the option $2 of the command $1 takes; fails when it takes no value.
_twin_option() {
    case "$1 $2" in
        'chat ''--twin' | 'chat ''-t') echo 'dynamic twins' ;;
        'chat ''--conversation' | 'chat ''-c') echo 'dynamic conversations' ;;
        'chat ''--as-group') echo 'dynamic groups' ;;
        'chat ''--as-key') echo 'dynamic keys' ;;
        'search ''--twin' | 'search ''-t') echo 'dynamic twins' ;;
        'search ''--limit' | 'search ''-n') echo none ;;
        'search ''--as-group') echo 'dynamic groups' ;;
        'search ''--as-key') echo 'dynamic keys' ;;
        'conversations list ''--twin' | 'conversations list ''-t') echo 'dynamic twins' ;;
        'conversations list ''--limit' | 'conversations list ''-n') echo none ;;
        'twins create ''--name') echo none ;;
        'twins create ''--description') echo none ;;
        'twins create ''--setting') echo 'dynamic settings' ;;
        'twins set ''--name') echo none ;;
        'twins set ''--slug') echo none ;;
        'twins set ''--description') echo none ;;
        'twins set ''--setting') echo 'dynamic settings' ;;
        'twins set ''--unset') echo 'dynamic settings' ;;
        'ingest ''--twin' | 'ingest ''-t') echo 'dynamic twins' ;;
        'ingest ''--include') echo none ;;
        'ingest ''--exclude') echo none ;;
        'ingest ''--jobs' | 'ingest ''-j') echo none ;;
        'ingest ''--format' | 'ingest ''-f') echo 'choices text markdown html csv tsv json jsonl srt vtt docx pptx xlsx epub feed email mbox pdf' ;;
        'ingest ''--title') echo none ;;
        'ingest ''--metadata' | 'ingest ''-m') echo none ;;
        'ingest ''--from-file') echo files ;;
        'sources list ''--twin' | 'sources list ''-t') echo 'dynamic twins' ;;
        'sources list ''--status' | 'sources list ''-s') echo 'choices pending processing live error needs_attention' ;;
        'sources list ''--match' | 'sources list ''-m') echo none ;;
        'sources list ''--limit' | 'sources list ''-n') echo none ;;
        'sources logs ''--level') echo 'choices info warning error' ;;
        'sources logs ''--limit' | 'sources logs ''-n') echo none ;;
        'sources text ''--range') echo none ;;
        'eval ''--twin' | 'eval ''-t') echo 'dynamic twins' ;;
        'eval ''--qrels') echo files ;;
        'eval ''--split') echo none ;;
        'eval ''--min') echo none ;;
        'eval ''--max') echo none ;;
        'eval ''--threshold') echo none ;;
        'eval ''--granularity') echo 'choices paragraph article' ;;
        'rebuild ''--twin' | 'rebuild ''-t') echo 'dynamic twins' ;;
        'config get ''--twin' | 'config get ''-t') echo 'dynamic twins' ;;
        'config set ''--twin' | 'config set ''-t') echo 'dynamic twins' ;;
        'config list ''--twin' | 'config list ''-t') echo 'dynamic twins' ;;
        'config unset ''--twin' | 'config unset ''-t') echo 'dynamic twins' ;;
        *' ''--db') echo files ;;
        *) return 1 ;;
    esac
}

# What the operand number $2, from 0, of the command $1 takes.
_twin_operand() {
    case "$1 $2" in
        'conversations show 0') echo 'dynamic conversations' ;;
        'twins show 0') echo 'dynamic twins' ;;
        'twins set 0') echo 'dynamic twins' ;;
        'twins archive 0') echo 'dynamic twins' ;;
        'twins delete 0') echo 'dynamic twins' ;;
        'ingest '*) echo files ;;
        'sources show 0') echo 'dynamic sources' ;;
        'sources logs 0') echo 'dynamic sources' ;;
        'sources text 0') echo 'dynamic sources' ;;
        'sources reextract '*) echo 'dynamic sources' ;;
        'sources rm '*) echo 'dynamic sources' ;;
        'eval 0') echo files ;;
        'backup 0') echo files ;;
        'restore 0') echo files ;;
        'config get 0') echo 'dynamic settings' ;;
        'config set 0') echo 'dynamic settings' ;;
        'config unset 0') echo 'dynamic settings' ;;
        'help '*) echo 'dynamic commands' ;;
        'completions 0') echo 'choices bash zsh fish' ;;
    esac
}

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
                printf -v line '%q' "${line%%$'\t'*}"
                COMPREPLY+=("$line")
            done < <("${COMP_WORDS[0]/#\~/$HOME}" __complete "${1#dynamic }" "${context[@]}" -- \
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
        mapfile -t COMPREPLY < <(compgen -W "$(_twin_options "$path") --db --json --jsonl --quiet -q --no-color --help -h --version" -- "$word")
    elif [[ -n $(_twin_commands "$path") ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_twin_commands "$path")" -- "$word")
    else
        _twin_offer "$(_twin_operand "$path" "${#operands[@]}")" "$word"
    fi
}

complete -F _twin twin
