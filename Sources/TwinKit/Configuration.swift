#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// What is set for the whole program rather than for one twin: in the environment, else in the configuration file, else
/// by default.
package struct Configuration: Sendable {
    /// One setting: its name in the file, the environment variable that overrides it, and what it takes.
    package struct Definition: Sendable {
        /// What a setting takes. Anything else is refused where it is set, with a sentence that says what would do.
        package enum Value: Sendable {
            case text
            case path
            case url
            case mailServer, mailbox
            /// Addresses of IP, separated by commas.
            case addresses
            /// Proxies as `TrustedProxies` takes them, separated by commas.
            case proxies
            case integer(ClosedRange<Int>)
            case flag
            /// One or more of these words, separated by commas.
            case words([String])
            /// One of these words.
            case word([String])
            /// An amount of dollars, such as 0.04.
            case dollars
        }
        /// As the file writes it: a dotted path in lower case.
        package let name: String
        package let variable: String
        package let value: Value
        /// In the form that the file takes; nil where there is no default, and the feature is off or has to be configured.
        package let fallback: String?
        package let help: String
    }

    package static let definitions: [Definition] =
        [
            Definition(name: "db", variable: "TWIN_DB", value: .path, fallback: nil, help: "The database file."),
            Definition(
                name: "twin", variable: "TWIN_TWIN", value: .text, fallback: nil, help: "The twin taken when --twin is left out."),
            Definition(
                name: "ingest.jobs", variable: "TWIN_INGEST_JOBS", value: .integer(0...16), fallback: "0",
                help: "Files read at once; 0 means one for each processor."),
            Definition(
                name: "ingest.max_file_mib", variable: "TWIN_INGEST_MAX_FILE_MIB", value: .integer(1...1024), fallback: "32",
                help: "The largest file that is read, in MiB."),
            Definition(
                name: "files.max_total_mib", variable: "TWIN_FILES_MAX_TOTAL_MIB", value: .integer(0...1_048_576),
                fallback: "4096",
                help: "What the files that a workspace's clients keep (/v1/files) may have in all, in MiB."),
            Definition(
                name: "ingest.read_seconds", variable: "TWIN_INGEST_READ_SECONDS", value: .integer(1...3600), fallback: "180",
                help: "Seconds that reading one document may take."),
            Definition(
                name: "ingest.allow_private", variable: "TWIN_ALLOW_PRIVATE", value: .flag, fallback: "false",
                help: "Whether URLs may lead to private and local addresses."),
            Definition(
                name: "jobs.retry_seconds", variable: "TWIN_JOBS_RETRY_SECONDS", value: .integer(0...3_600), fallback: "5",
                help: "Seconds until a failed job is tried again; each further pause is twice as long."),
            Definition(
                name: "youtube.url", variable: "TWIN_YOUTUBE_URL", value: .url, fallback: nil,
                help: "The server asked for YouTube captions."),
            Definition(
                name: "x.oembed_url", variable: "TWIN_X_OEMBED_URL", value: .url, fallback: nil,
                help: "The oEmbed endpoint asked for X posts."),
            Definition(
                name: "serve.origins", variable: "TWIN_ALLOWED_ORIGINS", value: .text, fallback: nil,
                help: "Origins of web pages that may call 'twin serve', separated by commas; * for all."),
            Definition(
                name: "serve.contracts", variable: "TWIN_CONTRACTS", value: .words(ContractName.all),
                fallback: ContractName.byDefault.joined(separator: ","),
                help: "The contracts that 'twin serve' answers, separated by commas: \(ContractName.all.joined(separator: ", "))."
            ),
            Definition(
                name: "serve.public_url", variable: "TWIN_PUBLIC_URL", value: .url, fallback: nil,
                help: "The address under which the server is reached, for links; without it the one it listens on."),
            Definition(
                name: "serve.trusted_proxies", variable: "TWIN_TRUSTED_PROXIES", value: .proxies, fallback: nil,
                help:
                    "Proxies, by address or network, whose X-Forwarded-For 'twin serve' believes; without it those on this machine."
            ),
            Definition(
                name: "model.url", variable: "TWIN_MODEL_URL", value: .url, fallback: nil,
                help: "Base URL of an OpenAI-compatible endpoint for answers, for example http://127.0.0.1:8080/v1."),
            Definition(name: "model.name", variable: "TWIN_MODEL", value: .text, fallback: nil, help: "The model for answers."),
            Definition(
                name: "model.key_file", variable: "TWIN_MODEL_KEY_FILE", value: .path, fallback: nil,
                help: "File with the key of the answer endpoint; TWIN_MODEL_KEY holds the key itself."),
            Definition(
                name: "model.timeout", variable: "TWIN_MODEL_TIMEOUT", value: .integer(1...3600), fallback: "180",
                help: "Seconds a model may take to answer; after that the documents are quoted instead."),
            Definition(
                name: "transcription.url", variable: "TWIN_TRANSCRIPTION_URL", value: .url, fallback: nil,
                help: "Base URL of an OpenAI-compatible endpoint for audio."),
            Definition(
                name: "transcription.name", variable: "TWIN_TRANSCRIPTION_MODEL", value: .text, fallback: nil,
                help: "The transcription model."),
            Definition(
                name: "transcription.key_file", variable: "TWIN_TRANSCRIPTION_KEY_FILE", value: .path, fallback: nil,
                help: "File with the key of the transcription endpoint; TWIN_TRANSCRIPTION_KEY holds the key itself."),
            Definition(
                name: "jwt.secret_file", variable: "TWIN_JWT_SECRET_FILE", value: .path, fallback: nil,
                help:
                    "File with the shared secret of HS256 tokens, at least 32 characters; TWIN_JWT_SECRET holds the secret itself."
            ),
            Definition(
                name: "jwt.jwks", variable: "TWIN_JWKS", value: .text, fallback: nil,
                help: "File or URL of the JSON Web Key Set that RS256 and ES256 tokens are checked with."),
            Definition(
                name: "jwt.issuer", variable: "TWIN_JWT_ISSUER", value: .text, fallback: nil,
                help: "The issuer that tokens from elsewhere must state."),
            Definition(
                name: "jwt.audience", variable: "TWIN_JWT_AUDIENCE", value: .text, fallback: nil,
                help: "The audience that tokens must be meant for."),
            Definition(
                name: "quota.default", variable: "TWIN_QUOTA_DEFAULT", value: .integer(Quotas.limits), fallback: nil,
                help: "Tokens a day for each user who was given no other quota; without it they have no limit."),
            Definition(
                name: "quota.tenant_daily", variable: "TWIN_QUOTA_TENANT_DAILY", value: .integer(Quotas.limits), fallback: nil,
                help: "Tokens a day of all API keys and visitors of a workspace together; without it they have no limit."),
            Definition(
                name: "journal.registration", variable: "TWIN_JOURNAL_REGISTRATION", value: .word(["open", "closed"]),
                fallback: "open", help: "Whether people may register where the journal contract is served."),
            Definition(
                name: "journal.twin", variable: "TWIN_JOURNAL_TWIN", value: .text, fallback: nil,
                help:
                    "The twin, by id or by slug in the first workspace, that answers prompts of the journal contract; none only keeps them."
            ),
            Definition(
                name: "journal.internal_key_file", variable: "TWIN_JOURNAL_INTERNAL_KEY_FILE", value: .path, fallback: nil,
                help:
                    "File with the key of /api/v1/internal; TWIN_JOURNAL_INTERNAL_KEY holds the key itself. Without one it is closed."
            ),
            Definition(
                name: "retention.conversations_days", variable: "TWIN_RETENTION_CONVERSATIONS_DAYS", value: .integer(1...36_500),
                fallback: nil, help: "Days after which conversations are deleted; without it they are kept."),
            Definition(
                name: "retention.pictures_days", variable: "TWIN_RETENTION_PICTURES_DAYS", value: .integer(1...36_500),
                fallback: nil,
                help: "Days after which pictures of personas and datasets are deleted; without it they are kept."),
            Definition(
                name: "secrets.master_key_file", variable: "TWIN_MASTER_KEY_FILE", value: .path, fallback: nil,
                help: "File with the key that wraps the secrets in the database, 32 bytes as from 'openssl rand -hex 32'."),
            Definition(
                name: "replica.token_file", variable: "TWIN_REPLICA_TOKEN_FILE", value: .path, fallback: nil,
                help:
                    "File with the secret that a primary and its replicas share, at least 32 characters; TWIN_REPLICA_TOKEN holds the secret itself."
            ),
            Definition(
                name: "oidc.issuer", variable: "TWIN_OIDC_ISSUER", value: .url, fallback: nil,
                help: "The issuer of OpenID Connect whose users may sign in at the support contract."),
            Definition(
                name: "oidc.client_id", variable: "TWIN_OIDC_CLIENT_ID", value: .text, fallback: nil,
                help: "What the issuer calls this server."),
            Definition(
                name: "oidc.client_secret_file", variable: "TWIN_OIDC_CLIENT_SECRET_FILE", value: .path, fallback: nil,
                help: "File with the secret that the issuer gave; TWIN_OIDC_CLIENT_SECRET holds the secret itself."),
            Definition(
                name: "oidc.tenant", variable: "TWIN_OIDC_TENANT", value: .text, fallback: nil,
                help: "The id of the tenant that the issuer's users belong to; without it each gets one of their own."),
            Definition(
                name: "oidc.role", variable: "TWIN_OIDC_ROLE", value: .word(User.Role.allCases.map(\.rawValue)),
                fallback: "viewer",
                help: "The role that the issuer's users have in oidc.tenant: owner, supporter or viewer."),
            Definition(
                name: "support.registration", variable: "TWIN_SUPPORT_REGISTRATION", value: .word(["closed", "open"]),
                fallback: "closed", help: "Whether anybody may register at the support contract and get a tenant: open or closed."
            ),
            Definition(
                name: "support.private_addresses", variable: "TWIN_SUPPORT_PRIVATE_ADDRESSES", value: .addresses, fallback: nil,
                help: "Private addresses that tools and webhooks of desks may reach, separated by commas."),
            Definition(
                name: "frontend.url", variable: "TWIN_FRONTEND_URL", value: .url, fallback: nil,
                help: "A front end with pages of its own: invitation and share links lead there, not to twin's pages."),
        ] + embeddingDefinitions + personaDefinitions + mailDefinitions

    /// The setting of this name. Throws `TwinError` (`invalid`) with a suggestion where there is none.
    package static func definition(_ name: String) throws -> Definition {
        guard let definition = definitions.first(where: { $0.name == name }) else { throw unknown(name) }
        return definition
    }

    /// The error for a name that no setting has, with the name that was probably meant.
    package static func unknown(_ name: String) -> TwinError {
        let advice =
            TwinSettings.definition(name) != nil
            ? "it is a twin's: add --twin TWIN"
            : Suggestion.nearest(to: name, among: definitions.map(\.name)).map { "did you mean '\($0)'?" }
                ?? "'twin config list' shows them"
        return TwinError(.invalid, "there is no setting '\(name)'; \(advice)")
    }

    /// The configuration file, whether it exists or not.
    package let path: String
    package private(set) var file: JSONObject
    private let environment: [String: String]

    /// Reads the configuration. The file is `TWIN_CONFIG`, else `$XDG_CONFIG_HOME/twin/config.json`, else
    /// `~/.config/twin/config.json`. Throws `TwinError` for a file that is not the JSON object it should be.
    package init(environment: [String: String] = Configuration.processEnvironment) throws {
        self.environment = environment
        path =
            environment["TWIN_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
            ?? Self.base(environment, "XDG_CONFIG_HOME", ".config") + "/twin/config.json"
        file = JSONObject()
        guard FileContents.exists(path) else { return }
        do {
            let contents = try FileContents.read(path, maximumBytes: 1 << 20)
            guard case .object(let object) = try JSONParser.parse(contents.bytes) else {
                throw TwinError(.failed, "the configuration file \(path) is not a JSON object; fix or remove it")
            }
            file = object
        } catch let error as JSONError {
            throw TwinError(.failed, "the configuration file \(path) is not JSON (\(error)); fix or remove it")
        } catch let error as TwinError where error.kind != .failed {
            throw TwinError(error.kind, "the configuration file \(path): \(error.message)")
        }
    }

    /// Where a value comes from.
    package enum Origin: String, Sendable { case environment, file, `default` }

    /// The value in force and where it comes from; none when nothing sets it.
    package func value(_ name: String) -> (text: String, origin: Origin)? {
        guard let definition = Self.definitions.first(where: { $0.name == name }) else { return nil }
        if let text = environment[definition.variable], !text.isEmpty { return (text, .environment) }
        if let json = file[name] { return (json.stringValue ?? json.text, .file) }
        return definition.fallback.map { ($0, .default) }
    }

    func hasVariable(_ name: String) -> Bool { environment[name]?.isEmpty == false }

    /// The secret in the file that the setting `name` names, else in the environment variable `variable`; none when neither
    /// is set. Throws `TwinError` (`notConfigured`) that names the setting, for a file that cannot be read.
    func secret(file name: String, variable: String) throws -> Secret? {
        if let path = text(name) {
            do {
                return try SecretSource.file(path).read()
            } catch let error as TwinError {
                throw TwinError(error.kind, "\(name): \(error.message)")
            }
        }
        guard let value = environment[variable]?.trimmed, !value.isEmpty else { return nil }
        return Secret(value)
    }

    /// What is set, from wherever it comes, unchecked; none where nothing is set and there is no default.
    package func text(_ name: String) -> String? { value(name)?.text }

    /// The parts of a value that commas part.
    package func list(_ name: String) -> [String] { Self.list(of: text(name) ?? "") }

    /// The parts of a text that commas part, without space around them; empty ones are left out.
    package static func list(of text: String) -> [String] {
        text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// Throws `TwinError` when what is set is not an integer in range.
    package func integer(_ name: String) throws -> Int {
        try checked(name).flatMap { Int($0) } ?? 0
    }

    /// The largest file that is read, in bytes, whichever way it comes. Throws `TwinError` when what is set is no number in
    /// range.
    package var maximumFileBytes: Int { get throws { try integer("ingest.max_file_mib") << 20 } }

    /// Whether a flag is on. What is neither true nor false counts as off.
    package func flag(_ name: String) -> Bool { ["1", "true", "yes", "on"].contains((text(name) ?? "").lowercased()) }

    /// The same configuration with a value in its file changed and the file written; `nil` takes the value out.
    package func setting(_ name: String, _ text: String?) throws -> Configuration { try setting([(name, text)]) }

    /// The same for several, of which the last of a name counts; the file is written once.
    func setting(_ values: [(name: String, text: String?)]) throws -> Configuration {
        var copy = self
        for (name, text) in values {
            let definition = try Self.definition(name)
            if let text {
                try definition.check(text)
                copy.file[name] = definition.json(text)
            } else {
                copy.file[name] = nil
            }
        }
        try AtomicFile.makeFolder(FilePath.folder(of: FilePath.absolute(path)))
        try AtomicFile.write(JSONWriter.bytes(.object(copy.file), pretty: true) + [UInt8(ascii: "\n")], to: path)
        return copy
    }

    /// Where the database is: `TWIN_DB` or the setting, else `$XDG_DATA_HOME/twin/twin.db`.
    package var databasePath: String {
        text("db") ?? Self.base(environment, "XDG_DATA_HOME", ".local/share") + "/twin/twin.db"
    }

    /// The folder of a kind by the XDG base directory specification; a relative path in the variable is ignored, as it says.
    private static func base(_ environment: [String: String], _ variable: String, _ fallback: String) -> String {
        if let value = environment[variable], value.hasPrefix("/") {
            return value.hasSuffix("/") ? String(value.dropLast()) : value
        }
        return (environment["HOME"] ?? ".") + "/" + fallback
    }

    /// The environment of this process, read anew each time.
    package static var processEnvironment: [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { result[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        return result
    }
}
