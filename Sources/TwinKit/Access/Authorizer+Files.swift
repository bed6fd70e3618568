import TwinSupport

/// To whom files belong that a client keeps with twin: one user or one API key of a tenant, and nobody beside. Only the
/// authorizer makes one, so that whoever has it may have files.
package struct FileHolder: Sendable, Equatable {
    package let tenantID: String
    /// The user's or the key's id.
    package let id: String

    fileprivate init(tenantID: String, id: String) {
        self.tenantID = tenantID
        self.id = id
    }
}

extension Authorizer {
    /// As whom the principal keeps files. A file is on its way to a twin, so it takes whoever may write to one; to which, is
    /// asked when it gets there. Throws `TwinError`.
    package func fileHolder(as principal: Principal) throws -> FileHolder {
        switch principal {
        case .localOperator:
            return FileHolder(tenantID: try tenant(.write, as: principal), id: AuditLog.localActor)
        case .user(let user): return FileHolder(tenantID: try tenant(.write, as: principal), id: user.id)
        case .apiKey(let key):
            guard key.holds(.write) else { throw TwinError(.notPermitted, "this API key does not allow 'write'") }
            return FileHolder(tenantID: key.tenantID, id: key.id)
        case .visitor: throw Self.notForKeys
        case .frontEnd, .nobody: throw Self.unauthenticated
        }
    }
}
