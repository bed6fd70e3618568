#if canImport(Glibc)
    import Glibc
#endif

/// How many descriptors the process may have open.
struct DescriptorLimit {
    let count: Int

    /// Of a small limit half is kept for what answers needs: the database, files, connections to others. Of a large one this many.
    private static let maximumReserve = 512

    /// Connections that leave enough descriptors for answering them.
    var forConnections: Int { max(1, count - min(Self.maximumReserve, count / 2)) }

    /// Raises the limit as far as it goes. A server needs a descriptor for each connection; the limit a shell sets by default is
    /// 1024, while the hard limit is usually far higher.
    static func raise() -> DescriptorLimit {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return DescriptorLimit(count: 1024) }
        var raised = limit
        raised.rlim_cur = min(limit.rlim_max, 1_048_576)
        if limit.rlim_cur < raised.rlim_cur, setrlimit(resource, &raised) == 0 { limit = raised }
        return DescriptorLimit(count: Int(clamping: limit.rlim_cur))
    }
}
