#if canImport(Glibc)
    import Glibc
#endif

/// Processors that this process may run on.
package enum Processors {
    package static var count: Int { max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1) }
}
