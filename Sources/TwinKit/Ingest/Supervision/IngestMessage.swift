import TwinReaders
import TwinSupport

/// What a worker tells its supervisor, several to a message.
enum IngestMessage: Equatable {
    case item(IngestItem)
    case began(String)
    case counted(files: Int, bytes: Int)
    /// The run has ended; the supervisor answers, so that what it says of the run stands before what the worker does next.
    case finished(isInterrupted: Bool)
    /// What ended the work.
    case failed(TwinError)

    func write(to writer: inout WireWriter) {
        switch self {
        case .item(let item):
            writer.write(0)
            item.write(to: &writer)
        case .began(let locator):
            writer.write(1)
            writer.write(locator)
        case .counted(let files, let bytes):
            writer.write(2)
            writer.write(files)
            writer.write(bytes)
        case .finished(let isInterrupted):
            writer.write(3)
            writer.write(isInterrupted ? 1 : 0)
        case .failed(let error):
            writer.write(4)
            writer.write(error.kind.rawValue)
            writer.write(error.message)
        }
    }

    init(_ reader: inout WireReader) throws(WireReader.Broken) {
        switch try reader.number() {
        case 0: self = .item(try IngestItem(&reader))
        case 1: self = .began(try reader.text())
        case 2: self = .counted(files: try reader.number(), bytes: try reader.number())
        case 3: self = .finished(isInterrupted: try reader.number() == 1)
        case 4:
            let kind = TwinError.Kind(rawValue: try reader.text()) ?? .failed
            self = .failed(TwinError(kind, try reader.text()))
        default: throw WireReader.Broken()
        }
    }
}

extension IngestItem {
    fileprivate func write(to writer: inout WireWriter) {
        writer.write(locator)
        writer.write(outcome.rawValue)
        for text in [movedFrom, sourceID, format, title, reason, failure?.rawValue] { writer.write(text) }
        for number in [bytes, chunkCount] { writer.write(number.map { $0 + 1 } ?? 0) }
    }

    fileprivate init(_ reader: inout WireReader) throws(WireReader.Broken) {
        let locator = try reader.text()
        guard let outcome = Outcome(rawValue: try reader.text()) else { throw WireReader.Broken() }
        self.init(locator, outcome)
        movedFrom = try reader.optionalText()
        sourceID = try reader.optionalText()
        format = try reader.optionalText()
        title = try reader.optionalText()
        reason = try reader.optionalText()
        failure = try reader.optionalText().flatMap(TwinError.Kind.init)
        func count() throws(WireReader.Broken) -> Int? {
            let number = try reader.number()
            return number > 0 ? number - 1 : nil
        }
        bytes = try count()
        chunkCount = try count()
    }
}
