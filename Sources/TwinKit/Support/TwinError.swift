#if canImport(Glibc)
    import Glibc
#endif

/// What went wrong, for whoever asked: a kind that each door turns into its own code (an exit code, an HTTP status), one
/// sentence that says what to do, and nothing that should stay secret.
package struct TwinError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds that doors tell apart.
    package enum Kind: String, Sendable, CaseIterable {
        /// The work failed for a reason that none of the others names.
        case failed
        /// The request itself is wrong: a value out of range, a field missing.
        case invalid
        /// No database yet, or a setting that the request needs is missing.
        case notConfigured = "not_configured"
        case unauthenticated
        case notPermitted = "not_permitted"
        /// Also what a caller sees of a resource that belongs to another tenant.
        case notFound = "not_found"
        /// The state of the resource forbids it: a name already taken, a clarification already resolved.
        case conflict
        /// It was here and is archived or expired.
        case gone
        /// A limit on size, count or rate.
        case limitReached = "limit_reached"
        /// The disk, a quota or a limit on the size of files leaves no room for what is to be stored.
        case storageFull = "storage_full"
        /// Somebody else holds what is needed, or it took too long.
        case busy
        /// A service that was called answered wrongly or not at all.
        case upstream
        case interrupted
    }

    package var kind: Kind
    /// One sentence without a final full stop that says what is wrong and, where it can, what to do about it.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}

extension TwinError.Kind {
    /// What the number that a system call left in `errno` means for whoever asked; `failed` when nothing in particular.
    package init(systemError number: Int32) {
        switch number {
        case EACCES, EPERM, EROFS: self = .notPermitted
        case ENOSPC, EDQUOT, EFBIG: self = .storageFull
        case EMFILE, ENFILE: self = .busy
        default: self = .failed
        }
    }
}

extension TwinError {
    /// A system call that failed with this `errno`: `what` and the system's own words for the reason.
    package init(systemError number: Int32, _ what: String) {
        self.init(Kind(systemError: number), "\(what): \(String(cString: strerror(number)).lowercasedFirst)")
    }
}
