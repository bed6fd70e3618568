import TwinSupport

/// Why a model gave no usable answer. Whoever called goes on without the model and says why: `reason` for programs,
/// `description` for people.
package struct ProviderError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The reasons; the raw value is `reason`, which scripts read.
    package enum Kind: String, Sendable, CaseIterable {
        /// A setting, the key or libcurl is missing, or the address is none.
        case notConfigured = "not_configured"
        /// The key was refused.
        case unauthorized
        case rateLimited = "rate_limited"
        case timedOut = "timed_out"
        /// No connection, or one that broke before the answer began.
        case unreachable
        /// The answer broke off after it had begun.
        case brokenStream = "broken_stream"
        /// What came is not what the interface promises.
        case malformedResponse = "malformed_response"
        case emptyOutput = "empty_output"
        case outputTooLarge = "output_too_large"
        /// The server will not do this request, now or later.
        case rejected
        /// The server failed, or reported an error in place of an answer.
        case serverError = "server_error"
        case cancelled
    }

    package var kind: Kind
    /// One sentence without a final full stop, free of secrets.
    package var description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// A word that stays the same from version to version, for the `degraded` reason of an answer.
    package var reason: String { kind.rawValue }

    /// The error where nothing can be done without the model.
    package var twinError: TwinError {
        switch kind {
        case .notConfigured: TwinError(.notConfigured, description)
        case .rateLimited, .timedOut: TwinError(.busy, description)
        case .outputTooLarge: TwinError(.limitReached, description)
        case .cancelled: TwinError(.interrupted, description)
        default: TwinError(.upstream, description)
        }
    }
}
