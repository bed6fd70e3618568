#if canImport(Glibc)
    import Glibc
#endif

/// An IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Network order, 4 or 16 of them.
    package let bytes: [UInt8]

    /// None unless there are 4 or 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads `192.0.2.1` or `2001:db8::1` (RFC 4291 section 2.2), without brackets, port or zone.
    package init?(_ text: String) {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    static let loopbackV4 = IPAddress(unchecked: [127, 0, 0, 1])
    static let loopbackV6 = IPAddress(unchecked: [UInt8](repeating: 0, count: 15) + [1])

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// The IPv4 address that an IPv4-mapped one (RFC 4291 section 2.5.5.2) stands for; none for any other.
    package var unmapped: IPAddress? {
        hasPrefix(Self.mapped, length: 96) ? IPAddress(bytes: Array(bytes.suffix(4))) : nil
    }

    /// The one form of an address that may be written in two ways.
    package var canonical: IPAddress { unmapped ?? self }

    /// The addresses that one subscriber has, as limits count them: an IPv4 address, and of IPv6 the /64 network, in which every
    /// machine can take as many addresses as it likes (RFC 6177).
    package var subscriber: String {
        let address = canonical
        guard !address.isIPv4, let network = IPAddress(bytes: Array(address.bytes.prefix(8)) + [UInt8](repeating: 0, count: 8))
        else { return address.description }
        return "\(network)/64"
    }

    package var isIPv4: Bool { bytes.count == 4 }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the first `length` bits are those of `prefix`.
    package func hasPrefix(_ prefix: [UInt8], length: Int) -> Bool {
        guard length <= bytes.count * 8, length <= prefix.count * 8 else { return false }
        let whole = length / 8
        guard bytes.prefix(whole).elementsEqual(prefix.prefix(whole)) else { return false }
        let rest = length % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
        return bytes[whole] & mask == prefix[whole] & mask
    }

    /// Whether the address is one of the public Internet, so that a request to it cannot reach a machine that only this
    /// one can: everything in IANA's special-purpose registries (RFC 6890) is not, nor is multicast, nor what embeds
    /// such an address.
    package var isPublic: Bool {
        if isIPv4 { return !Self.specialIPv4.contains { hasPrefix($0.prefix, length: $0.length) } }
        // ::ffff:0:0/96, IPv4-mapped (RFC 4291 section 2.5.5.2), and 64:ff9b::/96, NAT64 (RFC 6052): what counts is
        // inside.
        if hasPrefix(Self.mapped, length: 96) || hasPrefix(Self.translated, length: 96) {
            return IPAddress(bytes: Array(bytes.suffix(4)))?.isPublic ?? false
        }
        // IANA has given out global unicast addresses from 2000::/3 only; the rest is local, multicast or reserved.
        guard hasPrefix([0x20], length: 3) else { return false }
        return !Self.specialIPv6.contains { hasPrefix($0.prefix, length: $0.length) }
    }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    private static let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]

    private static let specialIPv4: [(prefix: [UInt8], length: Int)] = [
        ([0], 8),  // this network
        ([10], 8),  // private
        ([100, 64], 10),  // carrier-grade NAT
        ([127], 8),  // loopback
        ([169, 254], 16),  // link-local, where clouds keep their metadata services
        ([172, 16], 12),  // private
        ([192, 0, 0], 24),  // IETF protocol assignments
        ([192, 0, 2], 24),  // documentation
        ([192, 88, 99], 24),  // 6to4 relays, withdrawn
        ([192, 168], 16),  // private
        ([198, 18], 15),  // benchmarking
        ([198, 51, 100], 24),  // documentation
        ([203, 0, 113], 24),  // documentation
        ([224], 4),  // multicast
        ([240], 4),  // reserved, and broadcast
    ]

    private static let specialIPv6: [(prefix: [UInt8], length: Int)] = [
        ([0x20, 0x01, 0x00], 23),  // IETF protocol assignments, among them Teredo (2001::/32) and ORCHID
        ([0x20, 0x01, 0x0D, 0xB8], 32),  // documentation
        ([0x20, 0x02], 16),  // 6to4, which embeds any IPv4 address and is withdrawn (RFC 7526)
        ([0x3F, 0xFF, 0x00], 20),  // documentation (RFC 9637)
    ]
}
