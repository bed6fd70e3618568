/// Something that the writer says of themselves: what they prefer, avoid, or have decided.
package struct Statement: Sendable, Equatable {
    /// What the writer says of the object.
    package enum Kind: String, Sendable, CaseIterable {
        case preference, avoidance, decision
    }

    package var kind: Kind
    /// What is preferred, avoided or decided, as bytes of the text.
    package var object: Range<Int>
    /// The sentence that says so, as bytes of the text.
    package var evidence: Range<Int>
    /// How strongly it is put, from 0 to 1.
    package var strength: Double
}
