import TwinHTTP
import TwinReaders
import TwinSupport

/// Reads a post on X through the site's public oEmbed endpoint (https://oembed.com), which needs no key.
struct XReader {
    let fetcher: WebFetcher

    /// Reads the post that `address` leads to. Throws `TwinError`: it is not there or not public, or the endpoint's
    /// answer is not understood.
    func read(_ address: WebAddress, post: String, isCancelled: @escaping () -> Bool) throws -> ExtractedSource {
        let author = Self.author(address)
        let canonical = Self.canonical(address, post: post)
        // The endpoint knows posts by the site's former name only.
        let asked = "https://twitter.com/\(WebAddress.percentEncoded(author))/status/\(post)"
        let endpoint = fetcher.configuration.xEmbedURL
        let request =
            endpoint + (endpoint.contains("?") ? "&" : "?") + "url=\(WebAddress.percentEncoded(asked))&omit_script=1&dnt=1"
        let answer: FetchedDocument
        do {
            guard
                case .document(let document) = try fetcher.fetch(
                    WebAddress(request), accept: "application/json", isCancelled: isCancelled)
            else { throw Self.notUnderstood }
            answer = document
        } catch let error as TwinError where error.kind == .notFound {
            throw TwinError(.notFound, "the post \(post) is not there; it was deleted, or its address is mistyped")
        } catch let error as TwinError where error.kind == .notPermitted {
            throw TwinError(.notPermitted, "the post \(post) is not public")
        }
        guard let json = try? JSONParser.parse(answer.bytes), let html = json["html"]?.stringValue else {
            throw Self.notUnderstood
        }
        return try Self.source(
            json, html: html, post: post, canonical: canonical, reading: fetcher.configuration.reading)
    }

    /// The one address of a post, however it was reached.
    static func canonical(_ address: WebAddress, post: String) -> String {
        "https://x.com/\(WebAddress.percentEncoded(author(address)))/status/\(post)"
    }

    private static func author(_ address: WebAddress) -> String {
        address.pathSegments.first.flatMap { $0 == "i" ? nil : $0 } ?? "i"
    }

    private static let notUnderstood = TwinError(.upstream, "the oEmbed endpoint of X gave an answer that is not understood")

    private static func source(
        _ json: JSON, html: String, post: String, canonical: String, reading: any DocumentReading
    ) throws -> ExtractedSource {
        // `<blockquote><p lang="…">The words</p>&mdash; Name (@name) <a href="…">Month D, YYYY</a></blockquote>`
        let parts = html.withView { view -> (words: String, language: String?, date: String?)? in
            guard let open = view.firstIgnoringCase("<p", from: 0), let start = view.first(UInt8(ascii: ">"), from: open),
                let end = view.firstIgnoringCase("</p>", from: start)
            else { return nil }
            let language = HTMLTag.read(view, at: open)?.attribute("lang", in: view)
            var date: String?
            var search = end
            while let link = view.firstIgnoringCase("<a ", from: search) {
                search = link + 3
                guard let textStart = view.first(UInt8(ascii: ">"), from: link),
                    let textEnd = view.firstIgnoringCase("</a>", from: textStart)
                else { break }
                date = Self.date(view.slice(textStart + 1, textEnd).string) ?? date
            }
            return (view.slice(start + 1, end).string, language, date)
        }
        guard let parts else { throw notUnderstood }
        var document: ExtractedDocument
        do {
            document = try reading.read(
                DocumentInput(
                    name: "post.html", bytes: Array("<p>\(parts.words)</p>".utf8), mediaType: "text/html; charset=utf-8",
                    format: .html))
        } catch .empty {
            throw TwinError(.notFound, "the post \(post) has no words")
        } catch {
            throw error.twinError("the post \(post)")
        }
        let author = json["author_name"]?.stringValue?.trimmed.nonBlank
        document.title = author.map { "Post by \($0)" } ?? "Post \(post)"
        document.author = author
        document.publishedAt = parts.date
        // `und` is how the endpoint says that it does not know.
        document.language = parts.language.flatMap { $0 == "und" || $0.isEmpty ? nil : $0 }
        document.link = canonical
        document.metadata["post_id"] = .string(post)
        if let page = json["author_url"]?.stringValue { document.metadata["author_url"] = .string(page) }
        return ExtractedSource(kind: .x, name: "X: \(author ?? post) (\(post))", address: canonical, document: document)
    }

    /// `March 21, 2006` as `2006-03-21`.
    static func date(_ text: String) -> String? {
        let words = text.split { $0 == " " || $0 == "," }
        guard words.count == 3, let month = months.firstIndex(of: words[0].lowercased()), let day = Int(words[1]),
            let year = Int(words[2]),
            (1000...9999).contains(year), (1...31).contains(day)
        else { return nil }
        let date = "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)"
        return Timestamp(date) == nil ? nil : date
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
}
