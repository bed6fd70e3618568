import TwinSupport

/// The proxies that are believed about whom they speak for, in the field `X-Forwarded-For`: each adds the address that it sees at
/// the field's end, and what stands before that anybody could have written. Whoever comes through a Unix domain socket is a proxy,
/// since only this machine reaches that.
package struct TrustedProxies: Sendable {
    /// Addresses that share their first bits, such as `10.0.0.0/8`.
    private struct Network: Sendable {
        let address: IPAddress
        let length: Int

        func contains(_ other: IPAddress) -> Bool {
            other.bytes.count == address.bytes.count && other.hasPrefix(address.bytes, length: length)
        }
    }

    private let networks: [Network]

    /// Those on this machine.
    package static let loopback = TrustedProxies(networks: [
        Network(address: .loopbackV4, length: 8), Network(address: .loopbackV6, length: 128),
    ])

    private init(networks: [Network]) { self.networks = networks }

    /// Reads addresses and networks in CIDR notation (RFC 4632, RFC 4291 section 2.3); `none` among them stands for nobody. Throws
    /// `TwinError` (`invalid`) for what is neither.
    package init(_ texts: [String]) throws {
        networks = try texts.filter { $0 != "none" }.map(Self.network)
    }

    private static func network(_ text: String) throws -> Network {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.count > 1 ? String(parts[1]) : nil
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }),
            let length = digits.map({ $0.allSatisfy(\.isASCII) ? Int($0) : nil }) ?? address.bytes.count * 8,
            (0...address.bytes.count * 8).contains(length)
        else {
            throw TwinError(
                .invalid, "'\(text)' is not a proxy's address; give an IP address, or a network such as 172.16.0.0/12 or fd00::/8"
            )
        }
        // Prefixes of IPv4 that are written the IPv6 way.
        if let unmapped = address.unmapped, length >= 96 { return Network(address: unmapped, length: length - 96) }
        return Network(address: address, length: length)
    }

    /// Who is behind `peer`, the other end of the connection (empty for a Unix domain socket): the last address of `forwarded` that
    /// is not a trusted proxy's. `forwarded` holds the members of all `X-Forwarded-For` fields in their order. Behind what is no
    /// address nothing is believed.
    package func client(peer: String, forwarded: [String]) -> String {
        var client = IPAddress(peer)?.canonical.description ?? peer
        guard trusts(peer) else { return client }
        for member in forwarded.reversed() {
            guard let address = Self.address(member)?.canonical else { return client }
            client = address.description
            if !networks.contains(where: { $0.contains(address) }) { return client }
        }
        return client
    }

    private func trusts(_ peer: String) -> Bool {
        guard !peer.isEmpty else { return true }
        guard let address = IPAddress(peer)?.canonical else { return false }
        return networks.contains { $0.contains(address) }
    }

    /// Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ member: String) -> IPAddress? {
        if let address = IPAddress(member) { return address }
        if member.hasPrefix("[") { return IPAddress(String(member.dropFirst().prefix { $0 != "]" })) }
        let parts = member.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? IPAddress(String(parts[0])) : nil
    }
}
