/// What things cost, as the operator has set it.
package struct PriceList: Sendable, Equatable {
    /// A picture, by the name of the model that draws it.
    package var pictures: [String: Money]
    package var training: Money
    /// A biography, for estimates.
    package static let biography = Money(micros: 50_000)
    /// Pictures of a dataset, for estimates.
    package static let datasetPictures = 50

    /// What a picture costs; nothing with a model that has no price.
    package func picture(by model: String) -> Money { pictures[model] ?? .zero }
}
