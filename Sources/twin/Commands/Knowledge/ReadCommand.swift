import TwinReaders

/// What this program runs beside itself to read documents, see `ReaderPool`.
enum ReadCommand {
    static let command = Command(
        ReaderPool.command, summary: "Read the documents named by requests on standard input", isHidden: true,
        run: { _ in
            ReaderChild.serve()
            return .done
        })
}
