import Glibc

/// What this process, and whatever it starts, may take (setrlimit(2)).
package enum ResourceLimit {
    case addressSpace, cpuSeconds, coreFile

    /// Lowers or raises what may still be changed; a hard limit that is lower stays.
    package func set(_ value: Int) {
        let resource =
            switch self {
            case .addressSpace: RLIMIT_AS
            case .cpuSeconds: RLIMIT_CPU
            case .coreFile: RLIMIT_CORE
            }
        var current = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &current) == 0 else { return }
        current.rlim_cur = min(rlim_t(max(value, 0)), current.rlim_max)
        setrlimit(__rlimit_resource_t(resource.rawValue), &current)
    }
}
