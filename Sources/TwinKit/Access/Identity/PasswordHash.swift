import Dispatch
import TwinSupport

/// Passwords as they are stored: `scrypt$N$r$p$salt$hash` (RFC 7914), salt and hash in base64url. The cost stands with each,
/// so that it can be raised for new ones.
enum PasswordHash {
    /// In bytes of UTF-8. Shorter ones are guessed; longer ones only cost time.
    static let lengths = 8...1024
    private static let saltLength = 16
    private static let hashLength = 32

    /// Derivations at a time: each takes 32 MiB for a tenth of a second, and more at once would not end sooner.
    private static let turns = DispatchSemaphore(value: 4)

    /// Throws `TwinError` (`invalid`) for a password of a length that is not allowed.
    static func make(_ password: Secret) throws -> String {
        let bytes = Array(password.reveal().utf8)
        guard lengths.contains(bytes.count) else {
            throw TwinError(.invalid, "a password has \(lengths.lowerBound) to \(lengths.upperBound) bytes")
        }
        let cost = Crypto.ScryptCost.standard
        let salt = Crypto.random(count: saltLength)
        let hash = try derive(bytes, salt: salt, cost: cost, count: hashLength)
        return [
            "scrypt", String(cost.work), String(cost.blockSize), String(cost.parallelism), Base64.url.encode(salt),
            Base64.url.encode(hash),
        ].joined(separator: "$")
    }

    /// Whether this is the password that was stored. Without a stored one it does the same work and answers no, so that the
    /// time does not tell which addresses have an account.
    static func verify(_ password: Secret, against stored: String?) throws -> Bool {
        let bytes = Array(password.reveal().utf8)
        // Too long to be one, and work for nothing.
        guard bytes.count <= lengths.upperBound else { return false }
        guard let parts = stored.flatMap(Parts.init) else {
            _ = try derive(bytes, salt: [UInt8](repeating: 0, count: saltLength), cost: .standard, count: hashLength)
            return false
        }
        return try Crypto.equal(derive(bytes, salt: parts.salt, cost: parts.cost, count: parts.hash.count), parts.hash)
    }

    private static func derive(_ password: [UInt8], salt: [UInt8], cost: Crypto.ScryptCost, count: Int) throws -> [UInt8] {
        turns.wait()
        defer { turns.signal() }
        return try Crypto.scrypt(password: password, salt: salt, cost: cost, count: count)
    }

    private struct Parts {
        let cost: Crypto.ScryptCost
        let salt: [UInt8]
        let hash: [UInt8]

        init?(_ text: String) {
            let parts = text.split(separator: "$", omittingEmptySubsequences: false)
            guard parts.count == 6, parts[0] == "scrypt", let work = Int(parts[1]), let blockSize = Int(parts[2]),
                let parallelism = Int(parts[3]), let salt = Base64.url.decode(parts[4]), let hash = Base64.url.decode(parts[5]),
                salt.count >= 8, hash.count >= 16
            else { return nil }
            cost = Crypto.ScryptCost(work: work, blockSize: blockSize, parallelism: parallelism)
            guard cost.isValid else { return nil }
            self.salt = salt
            self.hash = hash
        }
    }
}
