import TwinDatabase
import TwinSupport

/// Addresses of stored things below `/storage/`, good for whoever has one until it expires. The signature is over the name and
/// the instant, by a key in the database.
package struct StorageLinks: Sendable {
    let database: Database
    /// What the addresses begin with.
    let base: String

    /// Seconds that an address is good for at least.
    static let lifetime = 86_400.0
    /// Instants are rounded up to this many seconds, so that one picture has one address for a while and is cached.
    private static let step: Int64 = 3_600
    static let secretName = "storage_signature"

    /// The address of something stored; the key is made when there is none.
    package func address(of name: StoredName, now: Timestamp = Clock.now) throws -> String {
        let expires = (now.adding(seconds: Self.lifetime).milliseconds / 1000 / Self.step + 1) * Self.step
        return "\(base)\(path(name))?expires=\(expires)&signature=\(try Self.signature(name, expires, key: key()))"
    }

    /// The name that an address speaks for. Throws `TwinError` (`notFound`) for one that is altered or has expired: nobody
    /// learns whether there is such a thing.
    package func name(
        _ text: String, expires: Int64, signature: String, now: Timestamp = Clock.now
    ) throws -> StoredName {
        guard let name = StoredName(text), now.milliseconds / 1000 < expires,
            let key = try database.read({ try StoredSecrets.value(Self.secretName, on: $0) }),
            try Crypto.equal(Array(Self.signature(name, expires, key: key).utf8), Array(signature.utf8))
        else { throw TwinError(.notFound, "there is no such file, or its address has expired") }
        return name
    }

    /// What is stored at one of this server's own addresses; none for an address of somebody else.
    package func name(at address: String, now: Timestamp = Clock.now) throws -> StoredName? {
        let prefix = base + "/storage/"
        guard address.hasPrefix(prefix) else { return nil }
        let parts = address.dropFirst(prefix.count).split(separator: "?", maxSplits: 1)
        var values: [Substring: Substring] = [:]
        for pair in (parts.count == 2 ? parts[1] : "").split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            if sides.count == 2 { values[sides[0]] = sides[1] }
        }
        return try name(
            String(parts.first ?? ""), expires: values["expires"].flatMap { Int64($0) } ?? 0,
            signature: values["signature"].map(String.init) ?? "", now: now)
    }

    private func path(_ name: StoredName) -> String { "/storage/\(name)" }

    private func key() throws -> [UInt8] {
        if let key = try database.read({ try StoredSecrets.value(Self.secretName, on: $0) }) { return key }
        return try database.write { connection in
            try StoredSecrets.valueOrMade(Self.secretName, on: connection) { Crypto.random(count: 32) }
        }
    }

    private static func signature(_ name: StoredName, _ expires: Int64, key: [UInt8]) throws -> String {
        Base64.url.encode(try Crypto.hmacSHA256(key: key, Array("\(name)\n\(expires)".utf8)))
    }
}
