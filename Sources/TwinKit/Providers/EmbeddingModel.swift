import TwinSearch
import TwinSupport

/// A model that turns texts into vectors whose directions are alike when the texts mean alike.
package protocol EmbeddingModel: Sendable {
    /// What the model is called.
    var name: String { get }

    /// The model and how documents are put to it: vectors of different spaces cannot be compared.
    var space: String { get }

    /// One vector a text, in the order of the texts, all of one dimension. Throws `ProviderError`.
    func embed(_ texts: [String], as role: EmbeddingRole, isCancelled: @escaping () -> Bool) throws -> [[Float]]
}

/// An embedding model behind `POST /embeddings` of OpenAI's interface.
package struct EmbeddingsEndpoint: EmbeddingModel {
    /// How vectors travel. Numbers are what every server knows; base 64 of little-endian 32-bit floats is a third of
    /// the size and quicker to read. Both are understood, whichever was asked for.
    package enum Encoding: String, Sendable { case float, base64 }

    private let endpoint: ProviderEndpoint
    /// The dimension that vectors must have; none accepts what the first one has.
    package var dimension: Int?
    /// Whether the server is asked to shorten its vectors to `dimension`; only some models can.
    package var requestsDimension = false
    package var encoding = Encoding.float
    private let wordings: EmbeddingWordings

    package var name: String { endpoint.configuration.model }

    package var space: String { wordings.document.prefix.isEmpty ? name : "\(name) \(wordings.document.prefix.trimmed)" }

    /// Without `wordings` texts are sent as they are.
    package init(_ configuration: ProviderConfiguration, dimension: Int? = nil, wordings: EmbeddingWordings? = nil) {
        endpoint = ProviderEndpoint(configuration)
        self.dimension = dimension
        let plain = EmbeddingWording(model: configuration.model)
        self.wordings = wordings ?? EmbeddingWordings(query: plain, document: plain)
    }

    /// Sends the texts in as many requests as the configuration's limits ask for, one after the other.
    package func embed(
        _ texts: [String], as role: EmbeddingRole = .document, isCancelled: @escaping () -> Bool = { false }
    ) throws -> [[Float]] {
        var vectors: [[Float]] = []
        vectors.reserveCapacity(texts.count)
        for batch in Self.batches(texts.map(\.utf8.count), endpoint.configuration.limits) {
            let expected = dimension ?? vectors.first?.count
            vectors += try embed(texts[batch], wordings[role], dimension: expected, isCancelled: isCancelled)
        }
        return vectors
    }

    /// Consecutive ranges that keep to the limits; a text that is too long by itself is a range of its own.
    static func batches(_ sizes: [Int], _ limits: ProviderConfiguration.Limits) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (index, size) in sizes.enumerated() {
            if index > start, index - start >= limits.batchCount || bytes + size > limits.batchBytes {
                ranges.append(start..<index)
                start = index
                bytes = 0
            }
            bytes += size
        }
        if start < sizes.count { ranges.append(start..<sizes.count) }
        return ranges
    }

    private func embed(
        _ texts: ArraySlice<String>, _ wording: EmbeddingWording, dimension: Int?, isCancelled: @escaping () -> Bool
    ) throws -> [[Float]] {
        // Servers refuse an empty text, and a space means as little.
        let inputs = texts.map { $0.isEmpty ? " " : wording.prefix + $0 }
        var object: JSONObject = [
            "model": .string(wording.model), "input": .strings(inputs),
            "encoding_format": .string(encoding.rawValue),
        ]
        if requestsDimension, let dimension = self.dimension { object["dimensions"] = .number(dimension) }
        let answer = try endpoint.post("/embeddings", .object(object), isCancelled: isCancelled)
        guard let data = answer["data"]?.arrayValue else { throw malformed("has no data") }
        guard data.count == inputs.count else { throw malformed("has \(data.count) vectors for \(inputs.count) texts") }
        var vectors = [[Float]?](repeating: nil, count: inputs.count)
        var expected = dimension
        for (position, item) in data.enumerated() {
            let index = item["index"]?.intValue ?? position
            guard vectors.indices.contains(index), vectors[index] == nil else {
                throw malformed("numbers its vectors wrongly")
            }
            let vector = try vector(item["embedding"])
            if let expected, vector.count != expected {
                throw malformed("has a vector of \(vector.count) numbers where \(expected) are expected")
            }
            expected = vector.count
            vectors[index] = vector
        }
        return vectors.compactMap { $0 }
    }

    private func vector(_ json: JSON?) throws -> [Float] {
        var numbers: [Float] = []
        switch json {
        case .array(let items):
            guard items.count <= VectorIndex.maximumDimension else { throw malformed("has a vector of \(items.count) numbers") }
            numbers.reserveCapacity(items.count)
            for item in items {
                guard let number = item.doubleValue else {
                    throw malformed("has a vector with something other than numbers")
                }
                numbers.append(Float(number))
            }
        case .string(let text):
            guard text.utf8.count <= VectorIndex.maximumDimension * 6, let bytes = Base64.standard.decode(text),
                bytes.count % 4 == 0
            else {
                throw malformed("has a vector that is not base64 of numbers")
            }
            numbers.reserveCapacity(bytes.count / 4)
            bytes.withUnsafeBytes { buffer in
                for index in stride(from: 0, to: buffer.count, by: 4) {
                    let bits = UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: index, as: UInt32.self))
                    numbers.append(Float(bitPattern: bits))
                }
            }
        default: throw malformed("has an item without a vector")
        }
        guard !numbers.isEmpty, numbers.allSatisfy(\.isFinite), numbers.contains(where: { $0 != 0 }) else {
            throw malformed("has a vector without a direction")
        }
        return numbers
    }

    private func malformed(_ what: String) -> ProviderError {
        ProviderError(.malformedResponse, "the embedding server's answer \(what)")
    }
}
