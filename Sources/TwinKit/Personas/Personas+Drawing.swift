import TwinHTTP
import TwinSupport

extension Personas {
    /// Draws with the model that is named, else with the first that can. Where several are configured and none is named, the
    /// next is asked when one fails. `keeps` stores the picture; `keepsAddress` leaves it where the model put it. Throws
    /// `TwinError`: `notConfigured` where nobody can draw, `upstream` where all have failed.
    func draw(
        _ order: ImageOrder, by name: String?, keeps: Bool, keepsAddress: Bool = false, _ isCancelled: @escaping () -> Bool
    ) throws -> Drawing {
        var failure: TwinError?
        for model in try usable(name, withWeights: order.weights != nil) {
            do {
                return try draw(order, with: model, keeps: keeps, keepsAddress: keepsAddress, isCancelled)
            } catch let error as ProviderError {
                if error.kind == .cancelled { throw error.twinError }
                // What may have been busy for one caller has failed for this one.
                failure = error.kind == .notConfigured ? error.twinError : TwinError(.upstream, error.description)
            } catch let error as TwinError where error.kind == .upstream || error.kind == .invalid {
                failure = TwinError(.upstream, error.message)
            }
        }
        throw failure ?? Self.nobodyDraws
    }

    static let nobodyDraws = TwinError(
        .notConfigured,
        "no picture can be made, because no model is configured: set images.cog.url, images.sdapi.url or images.openai.url")

    /// What the next picture will cost, by the price list; that of a Cog server where nobody draws yet.
    package var expectedPrice: Money { prices.picture(by: models.first?.name ?? "cog") }

    /// The same of a picture that shows a trained face, or one that need not. Throws `TwinError` (`notConfigured`) where nothing
    /// can draw it.
    package func expectedPrice(withWeights: Bool) throws -> Money {
        prices.picture(by: try usable(nil, withWeights: withWeights).first?.name ?? "cog")
    }

    /// The models to ask, in order. Throws `TwinError` (`notConfigured`) that names the setting.
    func usable(_ name: String?, withWeights: Bool) throws -> [any ImageModel] {
        let named = models.filter { name == nil || $0.name == name }
        guard !named.isEmpty else {
            guard let name, !models.isEmpty else { throw Self.nobodyDraws }
            guard ["cog", "sdapi", "openai"].contains(name) else {
                throw TwinError(
                    .notConfigured,
                    "twin does not know how to ask '\(name)' for pictures; name another, or none for the first that is set: "
                        + "set images.cog.url, images.sdapi.url or images.openai.url")
            }
            throw TwinError(.notConfigured, "no picture can be made with '\(name)': set images.\(name).url")
        }
        let able = named.filter { !withWeights || $0.takesWeights }
        guard !able.isEmpty else {
            throw TwinError(
                .notConfigured,
                "the model that is configured takes no LoRA weights, without which the picture would show somebody else: set "
                    + "images.cog.url or images.sdapi.url")
        }
        return able
    }

    private func draw(
        _ order: ImageOrder, with model: any ImageModel, keeps: Bool, keepsAddress: Bool, _ isCancelled: @escaping () -> Bool
    ) throws -> Drawing {
        let start = Clock.monotonicNanoseconds
        let drawn = try model.draw(order, isCancelled: isCancelled)
        var drawing = Drawing(
            model: model.name, width: order.width, height: order.height, seconds: 0, cost: prices.picture(by: model.name))
        switch drawn {
        case .address(let address) where keeps && keepsAddress: drawing.located = .address(address)
        case .address(let address):
            try keep(try fetchPicture(address, trusting: model.origin, isCancelled), keeps, &drawing)
        case .bytes(let bytes): try keep(bytes, keeps, &drawing)
        }
        drawing.seconds = Double(Clock.monotonicNanoseconds - start) / 1e9
        return drawing
    }

    private func keep(_ bytes: [UInt8], _ keeps: Bool, _ drawing: inout Drawing) throws {
        guard bytes.count <= ObjectStores.maximumPictureBytes, let picture = Picture(bytes) else {
            throw TwinError(.upstream, "the model did not give a picture in PNG, JPEG or WebP of at most 20 MB")
        }
        drawing.width = picture.width
        drawing.height = picture.height
        if keeps {
            drawing.located = .stored(try objects.storePicture(bytes))
        } else {
            drawing.bytes = bytes
            drawing.kind = picture.kind
        }
    }

    /// Fetches a picture through ingestion's guard: from public addresses, from those that the operator allows, and from the
    /// server that is trusted because the operator chose it. Throws `TwinError`.
    func fetchPicture(
        _ address: String, trusting origin: WebAddress? = nil, _ isCancelled: @escaping () -> Bool = { false }
    ) throws -> [UInt8] {
        if let name = try links.name(at: address) {
            return try objects.open(name).bytes(maximumBytes: ObjectStores.maximumPictureBytes)
        }
        do {
            let target = try WebAddress(address)
            var fetcher = fetcher
            if let origin, target.hasSameOrigin(as: origin) {
                var configuration = fetcher.configuration
                configuration.addresses = .any
                // Only what the server itself gives: it may not send us on to others.
                configuration.limits.redirects = 0
                fetcher = WebFetcher(configuration)
            }
            let found = try fetcher.fetch(
                target, accept: "image/png, image/jpeg, image/webp", maximumBytes: ObjectStores.maximumPictureBytes,
                isCancelled: isCancelled)
            guard case .document(let document) = found else { throw TwinError(.upstream, "there is no picture") }
            return document.bytes
        } catch let error as HTTPClientError {
            throw error.twinError
        }
    }
}
