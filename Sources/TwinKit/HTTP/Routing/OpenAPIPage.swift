import TwinSupport

/// An API's description as one page of HTML without scripts or anything from elsewhere, so that it works offline and
/// under the strictest content security policy that allows its own style.
package enum OpenAPIPage {
    /// The policy that the page needs.
    package static let contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

    /// A response with the page for an OpenAPI document.
    package static func response(_ document: JSON) -> Response {
        .text(
            html(document), type: "text/html; charset=utf-8",
            headers: [HeaderField("content-security-policy", contentSecurityPolicy)])
    }

    static func html(_ document: JSON) -> String {
        let title = escape(document["info"]?["title"]?.stringValue ?? "API")
        var body = "<h1>\(title) <small>\(escape(document["info"]?["version"]?.stringValue ?? ""))</small></h1>\n"
        if let text = document["info"]?["description"]?.stringValue { body += "<p>\(escape(text))</p>\n" }
        var tag: String?
        for (path, item) in document["paths"]?.objectValue?.members ?? [] {
            for (method, operation) in item.objectValue?.members ?? [] {
                let own = operation["tags"]?[0]?.stringValue
                if own != tag, let own { body += "<h2>\(escape(own))</h2>\n" }
                tag = own
                body += section(method.uppercased(), path, operation)
            }
        }
        if let schemas = document["components"]?["schemas"]?.objectValue, !schemas.isEmpty {
            body += "<h2>Schemas</h2>\n"
            for (name, schema) in schemas.members {
                body +=
                    "<details id=\"\(escape(name))\"><summary><code>\(escape(name))</code></summary>\(code(schema))</details>\n"
            }
        }
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width\"><title>\(title)</title><style>\(style)</style></head>\n"
            + "<body>\n\(body)</body></html>\n"
    }

    private static func section(_ method: String, _ path: String, _ operation: JSON) -> String {
        var text =
            "<details><summary><b>\(escape(method))</b> <code>\(escape(path))</code> "
            + "\(escape(operation["summary"]?.stringValue ?? ""))</summary>\n"
        if let description = operation["description"]?.stringValue { text += "<p>\(escape(description))</p>\n" }
        let parameters = operation["parameters"]?.arrayValue ?? []
        if !parameters.isEmpty {
            text += "<table><tr><th>Parameter<th>In<th>Required<th>Schema<th>Description</tr>\n"
            for parameter in parameters {
                let cells = [
                    parameter["name"]?.stringValue ?? "", parameter["in"]?.stringValue ?? "",
                    parameter["required"]?.boolValue == true ? "yes" : "", parameter["schema"]?.text ?? "",
                    parameter["description"]?.stringValue ?? "",
                ]
                text += "<tr>" + cells.map { "<td>\(escape($0))" }.joined() + "</tr>\n"
            }
            text += "</table>\n"
        }
        text += contents("Request", operation["requestBody"]?["content"])
        for (status, answer) in operation["responses"]?.objectValue?.members ?? [] {
            text += "<p><b>\(escape(status))</b> \(escape(answer["description"]?.stringValue ?? ""))</p>\n"
            text += contents("", answer["content"])
        }
        return text + "</details>\n"
    }

    private static func contents(_ title: String, _ content: JSON?) -> String {
        (content?.objectValue?.members ?? []).map { type, media in
            "<p>\(title) <code>\(escape(type))</code></p>\n" + (media["schema"].map(code) ?? "")
                + (media["example"].map { "<p>Example</p>" + code($0) } ?? "")
        }.joined()
    }

    private static func code(_ value: JSON) -> String { "<pre>\(escape(value.prettyText))</pre>\n" }

    private static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }

    private static let style = """
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
        summary{cursor:pointer;padding:.3rem 0}pre{background:#8882;padding:.6rem;overflow:auto}\
        table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #8884}\
        small{font-weight:normal;opacity:.6}:root{color-scheme:light dark}
        """
}
