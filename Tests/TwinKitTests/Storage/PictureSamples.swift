@testable import TwinSupport

/// Pictures of 6 by 4 pixels that Pillow has written, in each form that is taken.
enum PictureSamples {
    static let png = decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAAFElEQVR4nGM8wRXFgAqYGDAAcUIAWKIBNAPef54AAAAASUVORK5CYII=")
    static let jpeg = decode(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////"
            + "////////////////////wAALCAAEAAYBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAI"
            + "AQEAAD8AH//Z")
    static let lossyWebP = decode("UklGRjgAAABXRUJQVlA4ICwAAABwAQCdASoGAAQAAUAmJaACdAFAAAD+82mNaTSLz/99AP/76Af/30A/r4AAAA==")
    static let losslessWebP = decode("UklGRh4AAABXRUJQVlA4TBEAAAAvBcAAAAdQhSJXq/+BiOh/AAA=")
    static let extendedWebP = decode(
        "UklGRm4AAABXRUJQVlA4WAoAAAAYAAAABQAAAwAAQUxQSAoAAAABB1CyiAhERP8DVlA4ICwAAABwAQCdASoGAAQAAUAmJaACdAFAAAD+82mN"
            + "aTSLz/99AP/76Af/30A/r4AAAEVYSUYKAAAATU0AKgAAAAgAAA==")

    private static func decode(_ text: String) -> [UInt8] { Base64.standard.decode(text) ?? [] }
}
