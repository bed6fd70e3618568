import TwinHTTP
import TwinSupport

/// A picture that is asked for.
package struct ImageOrder: Sendable {
    /// Names the order: a server that still works on one of this name does not begin another. Letters, digits and hyphens.
    package var id: String
    package var prompt: String
    /// What it must not show.
    package var negativePrompt: String?
    /// Makes the picture repeatable on servers that support it; nil has the server choose.
    package var seed: Int?
    /// In pixels.
    package var width = 1024
    /// In pixels.
    package var height = 1024
    /// Where the weights are that teach the model a face, and what they are called.
    package var weights: (address: String, name: String)?

    package init(id: String, prompt: String, negativePrompt: String? = nil, seed: Int? = nil) {
        self.id = id
        self.prompt = prompt
        self.negativePrompt = negativePrompt
        self.seed = seed
    }
}

/// A picture as its server gave it.
package enum DrawnImage: Sendable, Equatable {
    case bytes([UInt8])
    /// Where it can be fetched, for a while.
    case address(String)
}

/// A model that draws.
package protocol ImageModel: Sendable {
    /// `cog`, `sdapi` or `openai`: the word in the settings.
    var name: String { get }
    /// Whether it can be taught a face by weights.
    var takesWeights: Bool { get }
    /// Scheme, host and port of its server, which the operator chose: what it keeps there may be fetched from there.
    var origin: WebAddress? { get }

    /// Draws one picture. `isCancelled` is asked about ten times a second. Throws `ProviderError`.
    func draw(_ order: ImageOrder, isCancelled: @escaping () -> Bool) throws(ProviderError) -> DrawnImage
}

/// OpenAI's `POST /images/generations`. The key and the model are the configuration's.
package struct OpenAIImages: ImageModel {
    package let name = "openai"
    package let takesWeights = false
    private let endpoint: ProviderEndpoint

    /// Nil for an address that cannot be used, with which `draw` fails.
    package var origin: WebAddress? { try? WebAddress(endpoint.configuration.baseURL) }

    package init(_ configuration: ProviderConfiguration) { endpoint = ProviderEndpoint(configuration) }

    /// One picture, in the answer or at an address of the server's. Seed and weights are not used; what must not be seen is asked
    /// for in words. Throws `ProviderError`.
    package func draw(_ order: ImageOrder, isCancelled: @escaping () -> Bool) throws(ProviderError) -> DrawnImage {
        // Neither a seed nor what is not to be seen can be given; the second is asked for in words.
        let prompt = order.negativePrompt.map { "\(order.prompt). Without: \($0)" } ?? order.prompt
        let answer = try endpoint.post(
            "/images/generations",
            [
                "model": .string(endpoint.configuration.model), "prompt": .string(prompt), "n": 1,
                "size": .string("\(order.width)x\(order.height)"),
            ], isCancelled: isCancelled)
        let picture = answer["data"]?[0]
        if let text = picture?["b64_json"]?.stringValue { return try .decoded(text) }
        guard let address = picture?["url"]?.stringValue else {
            throw ProviderError(.emptyOutput, "the image server's answer has no picture")
        }
        return try .located(address)
    }
}

/// AUTOMATIC1111's `POST /sdapi/v1/txt2img`, which stable-diffusion.cpp's server and others speak too.
package struct StableDiffusionImages: ImageModel {
    package let name = "sdapi"
    package let takesWeights = true
    private let endpoint: ProviderEndpoint
    /// Steps of the sampler.
    private static let steps = 30

    /// Nil for an address that cannot be used, with which `draw` fails.
    package var origin: WebAddress? { try? WebAddress(endpoint.configuration.baseURL) }

    package init(_ configuration: ProviderConfiguration) { endpoint = ProviderEndpoint(configuration) }

    /// One picture, in the answer. Weights are named in the prompt, for which the server must have them in its folder. Throws
    /// `ProviderError`.
    package func draw(_ order: ImageOrder, isCancelled: @escaping () -> Bool) throws(ProviderError) -> DrawnImage {
        // Weights are named in the prompt: the server has them under that name in its own folder.
        let prompt = order.weights.map { "\(order.prompt) <lora:\(Self.plain($0.name)):1>" } ?? order.prompt
        do throws(ProviderError) {
            let answer = try endpoint.post(
                "/sdapi/v1/txt2img",
                [
                    "prompt": .string(prompt), "negative_prompt": .string(order.negativePrompt ?? ""),
                    "seed": .number(order.seed ?? -1), "width": .number(order.width), "height": .number(order.height),
                    "steps": .number(Self.steps), "batch_size": 1, "n_iter": 1,
                ], isCancelled: isCancelled)
            guard let text = answer["images"]?[0]?.stringValue else {
                throw ProviderError(.emptyOutput, "the image server's answer has no picture")
            }
            return try .decoded(text)
        } catch {
            if error.kind == .cancelled {
                _ = try? endpoint.post("/sdapi/v1/interrupt", .object(JSONObject()), isCancelled: { false })
            }
            throw error
        }
    }

    /// What cannot end the mark that it stands in.
    private static func plain(_ name: String) -> String {
        String(
            name.unicodeScalars.filter {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "-_. ".unicodeScalars.contains($0)
            }.map { Character($0) })
    }
}

extension DrawnImage {
    /// A picture in base 64, perhaps as a `data:` address.
    static func decoded(_ text: String) throws(ProviderError) -> DrawnImage {
        var encoded = Substring(text)
        if text.hasPrefix("data:") {
            guard let comma = text.firstIndex(of: ","), text[..<comma].hasSuffix(";base64") else {
                throw ProviderError(.malformedResponse, "the image server's answer has a picture in an unknown coding")
            }
            encoded = text[text.index(after: comma)...]
        }
        guard let bytes = Base64.standard.decode(String(encoded)), !bytes.isEmpty else {
            throw ProviderError(.malformedResponse, "the image server's answer has a picture that is not base64")
        }
        return .bytes(bytes)
    }

    /// A picture in an address, which holds it or leads to it.
    static func located(_ address: String) throws(ProviderError) -> DrawnImage {
        if address.hasPrefix("data:") { return try decoded(address) }
        guard (try? WebAddress(address)) != nil else {
            throw ProviderError(.malformedResponse, "the image server's answer has an address that cannot be used")
        }
        return .address(address)
    }
}
