import TwinSupport

/// A message of JSON-RPC 2.0 as the Model Context Protocol uses it: one object, a request or a notification. Batches were
/// in one old revision only and are refused.
struct RPCMessage {
    let method: String
    let params: JSONObject
    /// None for a notification, which gets no reply.
    let id: JSON?
    /// Whether the client answers a request. This server sends none, so there is nothing to do with it.
    let isResponse: Bool

    /// Throws an `RPCError` for what is no message.
    init(_ json: JSON) throws(RPCError) {
        guard let object = json.objectValue else {
            throw RPCError(.invalidRequest, "a message is one JSON object; send batches one by one")
        }
        guard object["jsonrpc"]?.stringValue == "2.0" else {
            throw RPCError(.invalidRequest, "a message says \"jsonrpc\": \"2.0\"")
        }
        switch object["id"] {
        case .none: id = nil
        case .some(.string), .some(.int): id = object["id"]
        default: throw RPCError(.invalidRequest, "an id must be a string or an integer")
        }
        isResponse = object["method"] == nil && id != nil && (object["result"] != nil || object["error"] != nil)
        if isResponse {
            method = ""
            params = [:]
            return
        }
        guard let method = object["method"]?.stringValue, !method.isEmpty else {
            throw RPCError(.invalidRequest, "a message must have a method")
        }
        self.method = method
        switch object["params"] {
        case .none: params = [:]
        case .some(.object(let params)): self.params = params
        default: throw RPCError(.invalidParams, "params must be an object")
        }
    }

    /// The id of what may be no message at all, for its error: null where it has none.
    static func id(of json: JSON) -> JSON {
        switch json.objectValue?["id"] {
        case .some(let id) where id.stringValue != nil || id.intValue != nil: id
        default: .null
        }
    }

    static func result(_ result: JSONObject, id: JSON) -> JSON { ["jsonrpc": "2.0", "id": id, "result": .object(result)] }
}

/// A request that failed as a message. What goes wrong inside a tool is a result of the tool instead, so that the model that
/// called it can read it.
struct RPCError: Error, Equatable {
    /// https://www.jsonrpc.org/specification#error_object, and those that the Model Context Protocol adds.
    enum Code: Int {
        case parse = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case `internal` = -32603
        /// Of revisions up to 2025-11-25; later ones say `invalidParams`.
        case resourceNotFound = -32002
        case headerMismatch = -32020
        case unsupportedVersion = -32022
    }

    var code: Code
    var message: String
    var data: JSON?

    init(_ code: Code, _ message: String, data: JSON? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    func json(id: JSON) -> JSON {
        var error: JSONObject = ["code": .number(code.rawValue), "message": .string(message)]
        if let data { error["data"] = data }
        return ["jsonrpc": "2.0", "id": id, "error": .object(error)]
    }
}
