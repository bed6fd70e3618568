import TwinHTTP
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// A server of Cog (https://cog.run/http), one predictor: `PUT /predictions/{id}`. A prediction that is still made under its id
/// is not begun again, so an order that was interrupted waits for its end.
///
/// The predictor is given `prompt`, `negative_prompt`, `seed`, `width`, `height` and, where there are weights, `lora_weights`
/// with their address.
package struct CogImages: ImageModel {
    package let name = "cog"
    package let takesWeights = true
    private let endpoint: ProviderEndpoint

    /// Nil for an address that cannot be used, with which `draw` fails.
    package var origin: WebAddress? { try? WebAddress(endpoint.configuration.baseURL) }

    package init(_ configuration: ProviderConfiguration) {
        var configuration = configuration
        // It draws one picture at a time and says 409 while it does: whoever asks waits their turn.
        configuration.retries.attempts = max(configuration.retries.attempts, 40)
        configuration.retries.maximumDelay = min(configuration.retries.maximumDelay, 5_000)
        endpoint = ProviderEndpoint(configuration)
    }

    /// `PUT /predictions/{id}`: asks until the picture is there, for `timeouts.total` at the most, and has the server stop when
    /// time is up or it is cancelled. Throws `ProviderError`.
    package func draw(_ order: ImageOrder, isCancelled: @escaping () -> Bool) throws(ProviderError) -> DrawnImage {
        var input: JSONObject = [
            "prompt": .string(order.prompt), "width": .number(order.width), "height": .number(order.height),
        ]
        input["negative_prompt"] = order.negativePrompt.map(JSON.string)
        input["seed"] = order.seed.map { .number($0) }
        input["lora_weights"] = order.weights.map { .string($0.address) }
        let path = "/predictions/\(order.id)"
        let end = Clock.monotonicNanoseconds + UInt64(max(0, endpoint.configuration.timeouts.total)) * 1_000_000
        do throws(ProviderError) {
            while true {
                let answer = try endpoint.post(
                    .init(.put, path, json: ["input": .object(input)]), isCancelled: isCancelled)
                if let output = try CogAnswer(answer).output { return try .located(Self.picture(output)) }
                // Somebody began it under this id, perhaps this program before it was interrupted.
                guard Clock.monotonicNanoseconds < end else {
                    throw ProviderError(.timedOut, "the picture was not drawn in time")
                }
                for _ in 0..<10 where !isCancelled() { usleep(100_000) }
            }
        } catch {
            if error.kind == .cancelled || error.kind == .timedOut {
                CogAnswer.cancel(path, at: endpoint)
            }
            throw error
        }
    }

    private static func picture(_ output: JSON) throws(ProviderError) -> String {
        guard let address = output.stringValue ?? output[0]?.stringValue ?? output["image"]?.stringValue else {
            throw ProviderError(.emptyOutput, "the predictor's output is not a picture")
        }
        return address
    }
}

/// A server of Cog that trains: `PUT /trainings/{id}`, which tells how it goes by calling back.
///
/// The trainer is given `input_images` (the address of a ZIP archive), `steps`, `learning_rate`, `lora_rank` and `autocaption`;
/// its output is the address of `.safetensors`, or an object whose `weights` is.
package struct CogTrainer: Sendable {
    package let name = "cog"
    private let endpoint: ProviderEndpoint

    /// Nil for an address that cannot be used, with which `run` fails.
    package var origin: WebAddress? { try? WebAddress(endpoint.configuration.baseURL) }

    package init(_ configuration: ProviderConfiguration) { endpoint = ProviderEndpoint(configuration) }

    /// Sees to it that the training of this id runs, and answers how it goes. `callback` is called with each news. Throws
    /// `ProviderError`.
    package func run(
        _ id: String, input: JSONObject, callback: String, isCancelled: @escaping () -> Bool
    ) throws(ProviderError) -> CogAnswer {
        CogAnswer(
            telling: try endpoint.post(
                .init(
                    .put, "/trainings/\(id)", json: ["input": .object(input), "webhook": .string(callback)],
                    prefers: "respond-async"), isCancelled: isCancelled))
    }

    /// Asks the server to stop a training. It blocks for one request, and says nothing of whether the server heard it.
    package func cancel(_ id: String) { CogAnswer.cancel("/trainings/\(id)", at: endpoint) }
}

/// What a server of Cog says of a prediction or a training.
package struct CogAnswer: Sendable, Equatable {
    /// The words of Cog's HTTP interface.
    package enum Status: String, Sendable { case starting, processing, succeeded, failed, canceled }

    package var status: Status
    /// What came of it, once it has succeeded.
    package var output: JSON?
    /// What it printed.
    package var logs: String
    /// Why it failed, in the server's words.
    package var error: String?

    /// Whether nothing more will come.
    package var isEnded: Bool { status == .succeeded || status == .failed || status == .canceled }

    /// Reads what the server says, whatever it is; a status that is unknown is still in work.
    package init(telling json: JSON) {
        status = json["status"]?.stringValue.flatMap(Status.init) ?? .processing
        logs = json["logs"]?.stringValue ?? ""
        error = json["error"]?.stringValue
        output = status == .succeeded ? json["output"].flatMap { $0.isNull ? nil : $0 } : nil
    }

    /// Throws `ProviderError` where it has failed.
    init(_ json: JSON) throws(ProviderError) {
        self.init(telling: json)
        switch status {
        case .failed:
            throw ProviderError(.serverError, "the predictor failed" + (error.map { ": \($0.shortened(to: 200))" } ?? ""))
        case .canceled: throw ProviderError(.rejected, "the prediction was cancelled at the server")
        case .succeeded where output == nil: throw ProviderError(.emptyOutput, "the predictor's output is empty")
        default: break
        }
    }

    /// The last step that the logs speak of (`step 12/200`, `12/200`), and of how many.
    package var step: (done: Int, total: Int)? {
        for line in logs.split(whereSeparator: \.isNewline).reversed().prefix(50) {
            for word in line.split(whereSeparator: { " |[]:,".contains($0) }).reversed() {
                let parts = word.split(separator: "/")
                if parts.count == 2, let done = Int(parts[0]), let total = Int(parts[1]), total > 0, (0...total).contains(done) {
                    return (done, total)
                }
            }
        }
        return nil
    }

    /// The last loss that the logs speak of (`loss=0.12`, `loss: 0.12`).
    package var loss: Double? {
        for line in logs.split(whereSeparator: \.isNewline).reversed().prefix(50) {
            guard let range = line.ranges(of: "loss").last else { continue }
            let digits = line[range.upperBound...].drop { " =:".contains($0) }.prefix { "0123456789.e-+".contains($0) }
            if let value = Double(String(digits)), value.isFinite { return value }
        }
        return nil
    }

    /// Asks the server to stop; it may not hear it any more.
    static func cancel(_ path: String, at endpoint: ProviderEndpoint) {
        _ = try? endpoint.post(.init(.post, path + "/cancel", json: .object(JSONObject())), isCancelled: { false })
    }
}
