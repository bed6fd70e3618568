import TwinDatabase
import TwinSupport

/// Who could read what is secret, and whether there is room for more of it.
extension Doctor {
    /// Files that others may read, each with how to take that away.
    static func permissions(_ files: PrivateFiles) -> [Check] {
        let loose = files.loose()
        guard !loose.isEmpty else {
            return [Check(name: "permissions", result: .fine, message: "only its owner can read the database and its backups")]
        }
        return loose.map { file in
            let readers = file.excess & 0o055 != 0 ? "others can read" : "others can change"
            return Check(
                name: "permissions", result: .finding,
                message: "\(readers) \(file.path), whose mode is \(FileMode.text(file.mode))", remedy: "twin doctor --mend")
        }
    }

    /// Whether the disk takes writes.
    func room() -> Check {
        do {
            try database.checkRoom()
            return Check(name: "disk", result: .fine, message: "there is room for more")
        } catch {
            let message = (error as? TwinError)?.message ?? "the database cannot be written"
            // Nothing is wrong with what is stored.
            return Check(name: "disk", result: .remark, message: message)
        }
    }

    /// Whether the secrets in the file are in the clear or wrapped, and what is to be done where that does not fit the master key.
    func secrets(_ connection: Connection) throws -> Check {
        let entries = try StoredSecrets.entries(on: connection)
        var (isKeyMissing, identifier): (TwinError?, String?) = (nil, nil)
        do {
            identifier = try sealingKey?.key().identifier
        } catch let error as TwinError {
            isKeyMissing = error
        }
        let lost = entries.filter { $0.keyIdentifier != nil && $0.keyIdentifier != identifier }
        if !lost.isEmpty {
            let keys = Set(lost.compactMap(\.keyIdentifier)).sorted().joined(separator: ", ")
            return Check(
                name: "secrets", result: .finding,
                message:
                    "\(Self.count(lost)) cannot be read without the master key \(keys), whose file TWIN_MASTER_KEY_FILE names; if it "
                    + "is lost, 'twin config wrap-secrets --discard-lost' gives them up, and then "
                    + lost.map(\.replacement).joined(separator: "; "),
                remedy: "twin config wrap-secrets --discard-lost")
        }
        if let isKeyMissing { return Check(name: "secrets", result: .finding, message: isKeyMissing.message) }
        let plain = entries.filter { $0.keyIdentifier == nil }
        if identifier != nil, !plain.isEmpty {
            return Check(
                name: "secrets", result: .finding, message: "\(Self.count(plain)) in the clear although there is a master key",
                remedy: "twin config wrap-secrets")
        }
        if entries.isEmpty { return Check(name: "secrets", result: .fine, message: "no secret is stored") }
        return Check(
            name: "secrets", result: .fine,
            message: identifier.map { "\(Self.count(entries)) wrapped with the master key \($0)" }
                ?? "\(Self.count(entries)) in the clear: whoever has the file or a backup of it can sign tokens, unless "
                + "TWIN_MASTER_KEY_FILE names a key and 'twin config wrap-secrets' wraps them")
    }

    private static func count(_ secrets: [StoredSecrets.Entry]) -> String {
        secrets.count == 1 ? "1 secret is" : "\(secrets.count) secrets are"
    }
}
