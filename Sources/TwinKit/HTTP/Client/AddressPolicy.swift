/// Which addresses a client may connect to. It is asked about the address that a connection is really made to, after
/// the name was looked up and for every redirect, so that neither a name that resolves to a private address nor one
/// that changes between check and use gets past it.
package struct AddressPolicy: Sendable, Hashable {
    /// Whether addresses outside the public Internet are allowed: see `IPAddress.isPublic`.
    package var allowsPrivate: Bool
    /// Addresses that are allowed although the rule above forbids them.
    package var exceptions: Set<IPAddress>
    /// The ports that are allowed; none means all of them, because web servers listen everywhere and nothing but HTTP
    /// is spoken.
    package var ports: Set<UInt16>?

    package init(allowsPrivate: Bool, exceptions: Set<IPAddress> = [], ports: Set<UInt16>? = nil) {
        self.allowsPrivate = allowsPrivate
        self.exceptions = exceptions
        self.ports = ports
    }

    /// The public Internet only: for addresses that come from somebody else.
    package static let `public` = AddressPolicy(allowsPrivate: false)
    /// Everything: for addresses that the operator has configured.
    package static let any = AddressPolicy(allowsPrivate: true)

    /// Whether a connection to this address may be opened. It is asked with the address that a name resolved to, not with the
    /// name.
    package func allows(_ address: IPAddress, port: UInt16) -> Bool {
        if let ports, !ports.contains(port) { return false }
        return allowsPrivate || exceptions.contains(address) || address.isPublic
    }
}
