import TwinSupport

/// A twin's settings: a JSON object that keeps what it does not know, with typed access to what it does.
package struct TwinSettings: Sendable, Equatable {
    package var object: JSONObject

    package init(_ object: JSONObject = JSONObject()) { self.object = object }

    /// The value under a dotted name (`answer.threshold`), or none when it is not set.
    package func value(_ name: String) -> JSON? {
        name.split(separator: ".").reduce(JSON.object(object) as JSON?) { $0?[String($1)] }
    }

    /// The value in force under the name of a setting: what is set, else the definition's.
    package func effective(_ name: String) -> JSON {
        if let value = value(name), !value.isNull { return value }
        return Self.definition(name)?.fallback ?? .null
    }

    /// The value in force: what is set, else the setting's default.
    package subscript<Value>(_ setting: Setting<Value>) -> Value {
        value(setting.name).flatMap(setting.read) ?? setting.fallback
    }

    // MARK: Changing

    /// Sets a value under a dotted name, or takes it out with `nil`, which works for any name that is stored. Throws
    /// `TwinError` for a value that the setting does not take and for a name that is a misspelt setting's.
    package mutating func set(_ name: String, _ value: JSON?) throws {
        let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !path.contains(""), path.count <= 8 else {
            throw TwinError(.invalid, "'\(name)' is not a setting's name; write it like answer.threshold")
        }
        if let value {
            if let definition = Self.definition(name) {
                try definition.check(value)
            } else if let error = Self.misspelling(name) {
                throw error
            }
        }
        object = Self.replacing(object, path[...], value)
    }

    /// Sets a value that came as text, such as an argument: read as the setting's definition says, and for a name that
    /// is not known as JSON where it is JSON, else as text.
    package mutating func set(_ name: String, parsing text: String) throws {
        let json = (try? JSONParser.parse(text)) ?? .string(text)
        switch Self.definition(name)?.value {
        case .text, .choice: try set(name, .string(text))
        case .number, .integer, .flag, nil: try set(name, json)
        }
    }

    private static func replacing(_ object: JSONObject, _ path: ArraySlice<String>, _ value: JSON?) -> JSONObject {
        guard let first = path.first else { return object }
        var result = object
        if path.count == 1 {
            result[first] = value
        } else {
            let inner = replacing(result[first]?.objectValue ?? JSONObject(), path.dropFirst(), value)
            result[first] = inner.isEmpty ? nil : .object(inner)
        }
        return result
    }

    // MARK: Checking

    /// Shown among the settings, but kept elsewhere: setting them here does nothing.
    private static let derived = ["is_public", "widget_settings", "deleted_at", "deleted_by"]

    /// Bytes of JSON at the most.
    static let maximumBytes = 65_536

    /// The one check of settings that came from outside, whole, at every door. A name that no setting has is kept, for
    /// clients have some of their own; but not where it is near to a setting's, or among those of a family such as
    /// `answer`, unless `earlier` has it already. Throws `TwinError` for such a name, for a value that a setting does not
    /// take, and for too much.
    package static func checked(_ object: JSONObject, earlier: TwinSettings? = nil) throws -> TwinSettings {
        var settings = TwinSettings(object)
        for name in derived { settings.object[name] = nil }
        guard JSONWriter.bytes(.object(settings.object)).count <= maximumBytes else {
            throw TwinError(.invalid, "a twin's settings have at most \(maximumBytes) bytes")
        }
        for definition in definitions {
            if let value = settings.value(definition.name), !value.isNull { try definition.check(value) }
        }
        for (name, value) in settings.object.members where earlier?.object[name] != value {
            if name.contains("."), let definition = definition(name) {
                throw TwinError(.invalid, "the setting \(name) is written as \(definition.nested)")
            }
            if let family = families[name] {
                guard let members = value.objectValue?.members else {
                    if value.isNull { continue }
                    throw TwinError(.invalid, "'\(name)' holds the settings \(family.joined(separator: ", "))")
                }
                for (member, value) in members where earlier?.value("\(name).\(member)") != value {
                    let full = "\(name).\(member)"
                    if definition(full) == nil { throw misspelling(full) ?? unknown(full) }
                }
            } else if definition(name) == nil {
                let names = [name] + (value.objectValue?.members.map { "\(name).\($0.key)" } ?? [])
                for name in names { if let error = misspelling(name) { throw error } }
            }
        }
        return settings
    }

    /// The settings that stand in one object, by its name.
    private static let families: [String: [String]] = Dictionary(
        grouping: definitions.map(\.name).filter { $0.contains(".") }, by: { String($0.prefix { $0 != "." }) })

    /// The error for a name that no setting has, with the name that was probably meant.
    package static func unknown(_ name: String) -> TwinError {
        TwinError(
            .invalid,
            "there is no setting '\(name)'; "
                + (nearest(to: name).map { "did you mean '\($0)'?" } ?? "'twin config list --twin TWIN' shows them"))
    }

    /// The error for a name that was meant to be a setting's; none for one that somebody else may have a use for.
    private static func misspelling(_ name: String) -> TwinError? {
        let isOfFamily = families[String(name.prefix { $0 != "." })] != nil
        return isOfFamily || nearest(to: name) != nil ? unknown(name) : nil
    }

    /// The setting whose name is so like this one that it must have been meant, with or without its family.
    private static func nearest(to name: String) -> String? {
        let names = definitions.map(\.name)
        if let whole = Suggestion.nearest(to: name, among: names, countingPrefixes: false) { return whole }
        // Without its family: `threshold`. Inside an object of a client's own the same word is the client's.
        let parts = name.split(separator: ".")
        guard let first = parts.first, parts.count == 1 || families[String(first)] != nil else { return nil }
        return names.first { $0.contains(".") && $0.split(separator: ".").last == parts.last }
    }
}
