import TwinSupport

/// Where in the files something stands, for errors that name it.
struct ManifestPlace: Sendable, Equatable {
    var file: String
    /// From 1; none for a file that is one value.
    var line: Int?

    func error(_ message: String, _ kind: TwinError.Kind = .invalid) -> TwinError {
        TwinError(kind, "\(file)\(line.map { " line \($0)" } ?? ""): \(message)")
    }

    /// Runs `body` and names the place in the errors that it throws.
    func locating<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as TwinError { throw self.error(error.message, error.kind) }
    }
}

/// A JSON object of the files with reads that say where and what is wrong. A field that is `null` counts as left out.
struct ManifestObject {
    let object: JSONObject
    let place: ManifestPlace

    /// Throws `TwinError` for a value that is no object and for a field that nothing reads, which is a slip of the pen.
    init(_ json: JSON, fields: [String], at place: ManifestPlace) throws {
        guard let object = json.objectValue else { throw place.error("this is not a JSON object") }
        if let unknown = object.members.first(where: { !fields.contains($0.key) })?.key {
            throw place.error("\"\(unknown.shortened(to: 40))\" is not a field; there is \(fields.joined(separator: ", "))")
        }
        self.object = object
        self.place = place
    }

    private func value(_ key: String) -> JSON? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    private func read<Value>(_ key: String, _ kind: String, _ convert: (JSON) -> Value?) throws -> Value? {
        guard let value = value(key) else { return nil }
        guard let converted = convert(value) else { throw place.error("\"\(key)\" must be \(kind)") }
        return converted
    }

    func text(_ key: String) throws -> String? { try read(key, "text", \.stringValue) }
    func flag(_ key: String) throws -> Bool? { try read(key, "true or false", \.boolValue) }
    func integer(_ key: String) throws -> Int? { try read(key, "a whole number", \.intValue) }
    func number(_ key: String) throws -> Double? { try read(key, "a number", \.doubleValue) }
    func object(_ key: String) throws -> JSONObject? { try read(key, "an object", \.objectValue) }

    func required(_ key: String) throws -> String {
        guard let text = try text(key) else { throw place.error("\"\(key)\" is missing") }
        guard !text.trimmed.isEmpty else { throw place.error("\"\(key)\" is empty") }
        return text
    }

    func texts(_ key: String) throws -> [String]? { try read(key, "a list of texts", Self.texts) }

    private static func texts(_ json: JSON) -> [String]? {
        guard let items = json.arrayValue else { return nil }
        let texts = items.compactMap(\.stringValue)
        return texts.count == items.count ? texts : nil
    }

    func grant(_ key: String) throws -> TwinManifest.Grant? {
        try read(key, "\"all\" or a list of texts") { json in
            json == "all" ? .all : Self.texts(json).map(TwinManifest.Grant.only)
        }
    }

    /// One of the names of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of type: Choice.Type) throws -> Choice?
    where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return try read(key, "one of \(names)") { $0.stringValue.flatMap(Choice.init(rawValue:)) }
    }

    /// The members of an object whose keys are the names of an enumeration.
    func table<Choice: RawRepresentable & CaseIterable & Hashable, Value>(
        _ key: String, of type: Choice.Type, _ kind: String, _ convert: (JSON) -> Value?
    ) throws -> [Choice: Value]? where Choice.RawValue == String {
        guard let object = try object(key) else { return nil }
        var result: [Choice: Value] = [:]
        for (name, json) in object.members {
            guard let choice = Choice(rawValue: name) else {
                let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw place.error("\"\(name.shortened(to: 40))\" in \"\(key)\" is not one of \(names)")
            }
            guard let value = convert(json) else { throw place.error("\"\(name)\" in \"\(key)\" must be \(kind)") }
            result[choice] = value
        }
        return result
    }
}
