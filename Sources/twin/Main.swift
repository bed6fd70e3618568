#if canImport(Glibc)
    import Glibc
#endif

@main
enum Main {
    static func main() {
        // A reader that goes away is an error of the write, which the output layer turns into a quiet end.
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow further (setrlimit(2)) is an error of the write too, like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        Interrupt.endProcess(Program.run(Program.words(), root: CommandTable.root, environment: .process))
    }
}
