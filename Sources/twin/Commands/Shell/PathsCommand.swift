import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

enum PathsCommand {
    static let command = Command(
        "paths", summary: "Show which files are used",
        examples: [
            Example("twin paths", "where everything is"),
            Example("sqlite3 \"$(twin paths --json | jq -r .database.path)\" .schema", "look into the database"),
        ],
        alsoCalled: ["path", "where"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let configuration = try call.configuration()
        let databaseOrigin =
            switch configuration.value("db")?.origin {
            case .environment: "TWIN_DB"
            case .file: "config"
            case .default, nil: "default"
            }
        let files = [
            (name: "database", path: call.databasePath(configuration), origin: call.has("db") ? "--db" : databaseOrigin),
            (
                name: "config", path: configuration.path,
                origin: call.environment["TWIN_CONFIG"] == nil ? "default" : "TWIN_CONFIG"
            ),
        ]
        let json = JSON.object(
            JSONObject(
                files.map { file in
                    (
                        file.name,
                        [
                            "path": .string(file.path), "exists": .bool(access(file.path, F_OK) == 0),
                            "from": .string(file.origin),
                        ]
                    )
                }))
        try call.output.show(json) {
            var details = Details()
            for file in files {
                let isMarked = call.output.isTerminal && access(file.path, F_OK) != 0
                details.add(file.name, isMarked ? "\(file.path)\(" (not there yet)", .dim)" : StyledText(file.path))
            }
            try call.output.details(details)
        }
        return .done
    }
}
