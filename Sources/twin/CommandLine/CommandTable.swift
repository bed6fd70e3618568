/// All commands of `twin`. A new command is one file in `Commands/` and one word here.
enum CommandTable {
    struct Group: Sendable {
        let title: String
        let commands: [Command]
    }

    /// In the order of the overview.
    static let groups: [Group] = [
        Group(title: "Ask", commands: [ChatCommand.command, SearchCommand.command, ConversationsCommand.command]),
        Group(
            title: "Teach", commands: [TwinsCommand.command, IngestCommand.command, WatchCommand.command, SourcesCommand.command]),
        Group(
            title: "Own",
            commands: [
                QnaCommand.command, MemoryCommand.command, GraphCommand.command, DigestCommand.command,
                ClarificationsCommand.command, EscalationsCommand.command,
                GroupsCommand.command, UsersCommand.command, QuotasCommand.command, KeysCommand.command, TokenCommand.command,
                ShareCommand.command,
                ExplainCommand.command,
            ]),
        Group(
            title: "Support",
            commands: [DeskCommand.command, AgentsCommand.command, ToolsCommand.command, WebhooksCommand.command]),
        Group(
            title: "Show",
            commands: [PersonasCommand.command, ContentCommand.command, LoRAsCommand.command, CostsCommand.command]),
        Group(title: "Serve", commands: [ServeCommand.command, ConsoleCommand.command, MCPCommand.command, APICommand.command]),
        Group(
            title: "Maintain",
            commands: [
                MetricsCommand.command, AuditCommand.command, JobsCommand.command, MailCommand.command, ModelsCommand.command,
                EvalCommand.command,
                DoctorCommand.command,
                RebuildCommand.command, PurgeCommand.command, BackupCommand.command, RestoreCommand.command,
                ExportCommand.command,
                ApplyCommand.command, TenantsCommand.command,
                ConfigCommand.command, PathsCommand.command,
            ]),
        Group(
            title: "This program",
            commands: [
                HelpCommand.command, CompletionsCommand.command, VersionCommand.command, CompleteCommand.command,
                GenerateCommand.command, ReadCommand.command, TetherCommand.command,
            ]),
    ]

    static let root: Command = .init(
        "twin", summary: "Turn an expert's documents into a twin that answers with cited evidence",
        discussion: """
            A twin is asked in plain words and answers only from the documents it was given and from what its owner told it. \
            It quotes its evidence, says where it stands, and says so when it does not know. Everything is kept in one \
            SQLite file; no model and no network is needed.
            """,
        examples: [
            Example("twin twins create ada --name \"Ada Lovelace\"", "make a twin"),
            Example("twin ingest ~/papers --twin ada", "give it a folder of documents"),
            Example("twin chat \"What did you think of the engine?\"", "ask it"),
            Example("twin search engine --json | jq '.[0]'", "find passages, for a script"),
        ],
        subcommands: groups.flatMap(\.commands))
}
