import TwinSupport

/// Why a request got no whole answer. A status of 400 or above is an answer, not an error.
package enum HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// libcurl is not installed.
    case libraryMissing
    /// The address cannot be requested, for the reason given.
    case invalidAddress(String)
    case unsupportedScheme(String)
    /// The address carries a user name or a password.
    case credentialsInAddress
    /// The address policy forbids where the host leads to. The address is for the log: telling it to whoever sent the URL
    /// would let them explore the network.
    case addressRefused(host: String, address: String)
    case tooManyRedirects(limit: Int)
    case unknownHost(String)
    case connectionFailed(host: String)
    /// The certificate is wrong, or there is no way to check it; with libcurl's words.
    case insecureConnection(host: String, reason: String)
    /// The whole exchange took longer than it may.
    case timedOut(host: String, milliseconds: Int)
    /// Nothing came or went for this long.
    case stalled(host: String, milliseconds: Int)
    case responseTooLarge(limit: Int)
    case headersTooLarge(limit: Int)
    /// The connection ended before the answer did.
    case connectionBroken(host: String)
    /// What came back is not HTTP, or not in the coding that it says.
    case malformedResponse(host: String)
    case cancelled
    /// Anything else, with libcurl's code and words.
    case other(code: Int, reason: String)

    package var description: String {
        switch self {
        case .libraryMissing: "fetching needs libcurl, which is not installed; install it with: apt-get install libcurl4"
        case .invalidAddress(let reason): "the address cannot be used: \(reason)"
        case .unsupportedScheme(let scheme): "only http and https addresses can be fetched, not \(scheme)"
        case .credentialsInAddress: "the address contains a user name or password; remove what stands before the @"
        case .addressRefused(let host, _):
            "\(host) leads to an address that may not be fetched: "
                + "it is not on the public Internet, or its port is not allowed"
        case .tooManyRedirects(let limit): "the address redirects more than \(limit) times"
        case .unknownHost(let host): "the host \(host) is not known; check its spelling and this machine's DNS"
        case .connectionFailed(let host): "\(host) cannot be connected to"
        case .insecureConnection(let host, let reason):
            "\(host) offers no connection that can be trusted: \(reason); "
                + "if every host fails this way: apt-get install ca-certificates"
        case .timedOut(let host, let milliseconds): "\(host) did not answer in full within \(Self.seconds(milliseconds))"
        case .stalled(let host, let milliseconds): "\(host) sent nothing for \(Self.seconds(milliseconds))"
        case .responseTooLarge(let limit): "the answer is larger than the limit of \(Self.size(limit))"
        case .headersTooLarge(let limit): "the header of the answer is larger than the limit of \(Self.size(limit))"
        case .connectionBroken(let host): "\(host) ended the connection in the middle of its answer"
        case .malformedResponse(let host): "\(host) does not answer in proper HTTP"
        case .cancelled: "the request was cancelled"
        case .other(let code, let reason): "the request failed: \(reason) (libcurl \(code))"
        }
    }

    /// Whether the request never left, so that nothing came of it.
    package var isBeforeSending: Bool {
        switch self {
        case .libraryMissing, .unknownHost, .connectionFailed, .insecureConnection, .addressRefused, .invalidAddress: true
        default: false
        }
    }

    /// Whether the same request may well succeed in a while.
    package var isTransient: Bool {
        switch self {
        case .unknownHost, .connectionFailed, .timedOut, .stalled, .connectionBroken, .other: true
        default: false
        }
    }

    /// The error as every door of the program renders it.
    package var twinError: TwinError {
        let kind: TwinError.Kind =
            switch self {
            case .libraryMissing: .notConfigured
            case .invalidAddress, .unsupportedScheme, .credentialsInAddress: .invalid
            case .addressRefused: .notPermitted
            case .responseTooLarge, .headersTooLarge: .limitReached
            case .cancelled: .interrupted
            default: .upstream
            }
        return TwinError(kind, description)
    }

    private static func seconds(_ milliseconds: Int) -> String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }

    private static func size(_ bytes: Int) -> String {
        bytes >= 1 << 20 && bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
    }
}
