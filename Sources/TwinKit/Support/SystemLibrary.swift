import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The functions of a shared library that are looked up at run time. The library is opened on first use and stays open. A
/// failure is not kept: it may pass, as when the process had no descriptor left, or when the package is installed later.
///
/// Safe from any thread. A server opens what it may need before it accepts anybody: see `SystemLibraries.open`.
package final class SystemLibrary<Functions: Sendable>: Sendable {
    private final class Opened: Sendable {
        let functions: Functions
        init(_ functions: Functions) { self.functions = functions }
    }

    private let opened = AtomicLazyReference<Opened>()
    private let open: @Sendable () -> Functions?

    /// `open` opens the library and looks its functions up, and answers none when any of it fails. It may run more than once,
    /// also at the same time on several threads; the first that succeeds counts.
    package init(_ open: @escaping @Sendable () -> Functions?) { self.open = open }

    /// None while the library cannot be opened.
    package var functions: Functions? {
        if let opened = opened.load() { return opened.functions }
        guard let functions = open() else { return nil }
        return opened.storeIfNil(Opened(functions)).functions
    }
}
