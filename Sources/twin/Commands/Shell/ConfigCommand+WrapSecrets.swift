import TwinKit
import TwinSupport

extension ConfigCommand {
    static let wrapSecrets = Command(
        "wrap-secrets", summary: "Encrypt the secrets in the database with a master key",
        discussion: """
            The database holds secrets: what tokens are signed with and API keys are checked with. Whoever has the file, or a backup \
            of it, could sign as anybody. With a master key outside of the database (the file that TWIN_MASTER_KEY_FILE or the setting \
            secrets.master_key_file names) they are encrypted (AES-256-GCM), and such a copy signs nothing.

            This command converts what is stored; new secrets follow the setting by themselves. Backups made before still hold the secrets \
            in the clear: remove them. Keep a copy of the key elsewhere: without it everybody signs in again, and API keys are \
            made anew. Servers that run need no restart for the change, except that they must have been started with the key.
            """,
        examples: [
            Example("openssl rand -hex 32 | install -m 600 /dev/stdin master.key", "make a key"),
            Example("TWIN_MASTER_KEY_FILE=master.key twin config wrap-secrets", "encrypt the secrets with it"),
            Example("twin config wrap-secrets --new-key new.key", "from the present key to another"),
        ],
        options: [
            .path("new-key", "FILE", help: "Switch to the key in this file; name it in the setting from then on"),
            .flag("undo", help: "Store the secrets in the clear again"),
            .flag("discard-lost", help: "Discard secrets whose key is lost; new ones are made when they are needed"),
        ],
        exits: [.notConfigured, .notPermitted, .busy], alsoCalled: ["encrypt", "seal", "unwrap-secrets", "rotate"],
        run: wrapAll)

    private static func wrapAll(_ call: Invocation) throws -> ExitCode {
        if call.has("new-key"), call.flag("undo") { throw call.usage("--new-key and --undo cannot be used together") }
        let workspace = try call.workspace()
        let present = workspace.configuration.sealingKey
        let key: SealingKey? =
            if call.flag("undo") { nil } else { try (call.string("new-key").map { SealingKeyFile(path: $0) } ?? present)?.key() }
        if key == nil, !call.flag("undo"), !call.flag("discard-lost") {
            throw TwinError(
                .notConfigured,
                "no master key is named; make one with 'openssl rand -hex 32' and name its file in TWIN_MASTER_KEY_FILE")
        }
        let change = try StoredSecrets.rewrap(
            workspace.database, with: key, discardingUnreadable: call.flag("discard-lost"))
        let report: JSON = [
            "changed": .strings(change.changed), "discarded": .strings(change.discarded.map(\.name)),
            "key_id": .optional(change.keyIdentifier),
        ]
        try call.output.show(report) {
            let state = change.keyIdentifier.map { "wrapped with the master key \($0)" } ?? "in the clear"
            try call.output.line(
                change.changed.isEmpty
                    ? "no secret had to be changed" : "\(change.changed.joined(separator: ", "), .bold) \(state)")
        }
        for entry in change.discarded { call.output.note("gave up \(entry.name): \(entry.replacement)") }
        if let file = call.string("new-key") {
            call.output.note("name \(file) in TWIN_MASTER_KEY_FILE from now on, also for servers that run: restart them")
        }
        return .done
    }
}
