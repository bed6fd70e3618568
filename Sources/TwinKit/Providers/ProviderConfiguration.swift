import TwinHTTP
import TwinSupport

/// Where a model is served and what a call to it may cost. Any endpoint that speaks OpenAI's HTTP interface will do.
package struct ProviderConfiguration: Sendable, Equatable {
    /// The address that `/chat/completions` and the others are appended to, for example `http://127.0.0.1:8080/v1`.
    package var baseURL: String
    package var model: String
    /// Where the key is kept; none for a server that wants no key. It is read anew for each call, so that it can be
    /// changed.
    package var keySource: SecretSource?
    package var timeouts: Timeouts
    package var limits: Limits
    package var retries: Retries

    package init(
        baseURL: String, model: String, keySource: SecretSource? = nil, timeouts: Timeouts = Timeouts(),
        limits: Limits = Limits(),
        retries: Retries = Retries()
    ) {
        self.baseURL = baseURL
        self.model = model
        self.keySource = keySource
        self.timeouts = timeouts
        self.limits = limits
        self.retries = retries
    }

    /// In milliseconds.
    package struct Timeouts: Sendable, Equatable {
        /// For each connection.
        package var connect = 5_000
        /// Without a byte from the server. A model reads a long question for a while before its first word.
        package var idle = 60_000
        /// For the whole call, all attempts and waits included.
        package var total = 180_000
        package init() {}
    }

    /// Sizes past which a call fails rather than go on.
    package struct Limits: Sendable, Equatable {
        /// What a model may answer, in bytes of text; it is stopped there.
        package var outputBytes = 64 << 10
        /// What one response may weigh on the wire.
        package var responseBytes = 64 << 20
        /// Texts that are sent to an embedding model at once.
        package var batchCount = 64
        /// Bytes of text that are sent to an embedding model at once; one longer text goes alone.
        package var batchBytes = 256 << 10
        package init() {}
    }

    /// How often and when a call that failed for a passing reason is made again. A refusal is not.
    package struct Retries: Sendable, Equatable {
        /// Requests for one call at the most, the first included.
        package var attempts = 4
        /// Before the second attempt, in milliseconds; it doubles from attempt to attempt and varies by half, so that
        /// many callers do not come back together.
        package var firstDelay = 500
        /// The longest wait, in milliseconds, whatever the server asks for with `Retry-After`.
        package var maximumDelay = 20_000
        package init() {}
    }

    /// What the operator should know about this configuration, if anything.
    package var warning: String? {
        guard keySource != nil, let address = try? WebAddress(baseURL), address.scheme == "http",
            !WebAddress.isLoopback(address.host)
        else { return nil }
        return "the key for \(address.host) is sent without encryption; use an https address"
    }
}
