#if canImport(Glibc)
    import Glibc
#endif

/// What the operating system says of this process (proc(5)). None where it does not say.
package enum ProcessStatistics {
    /// Memory that is in RAM, in bytes.
    package static var residentBytes: Int? {
        // The second number of /proc/self/statm is in pages.
        guard let text = contents(of: "/proc/self/statm") else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Open files and sockets.
    package static var openDescriptors: Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without ".", ".." and the descriptor of the folder itself.
        return max(0, count - 3)
    }

    /// Processor time in user and kernel mode, in seconds.
    package static var processorSeconds: Double? {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func contents(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = read(file, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}

extension Counters {
    /// Registers what Prometheus' client libraries call the process's own metrics.
    package func addProcess() {
        gauge("process_resident_memory_bytes", "Resident memory size in bytes.") {
            ProcessStatistics.residentBytes.map(Double.init)
        }
        gauge("process_open_fds", "Number of open file descriptors.") { ProcessStatistics.openDescriptors.map(Double.init) }
        gauge("process_cpu_seconds", "Processor time used so far, in seconds.") { ProcessStatistics.processorSeconds }
    }
}
