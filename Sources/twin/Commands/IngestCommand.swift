import TwinKit

enum IngestCommand {
    static let command = Command(
        "ingest", summary: "Read files, folders and web pages into a twin",
        discussion: """
            Run it again whenever the files have changed: what is unchanged is skipped by its content, what has changed is \
            replaced, and a file that failed is left alone until it changes. Each source goes in whole or not at all, so \
            it may be stopped at any moment.

            Read in-process: plain text, Markdown, HTML, CSV and TSV, JSON and JSON Lines, SRT and VTT subtitles, DOCX, PPTX, \
            XLSX, EPUB, RSS and Atom, and mail (.eml). PDF goes through 'pdftotext', captions through 'yt-dlp'; 'twin doctor' \
            says which of them are installed. Other files are skipped with the reason.

            A pattern for --include and --exclude is matched with the path below the given folder: '*' stays within a name, \
            '**' crosses folders, and a pattern without '/' is matched with the name alone.

            A line of --jsonl tells about one file as soon as it is done: added, updated, unchanged, removed, skipped or failed; the \
            last line is the summary.
            """,
        examples: [
            Example("twin ingest ~/papers --twin ada", "a folder with all below it"),
            Example("twin ingest ~/papers --prune --dry-run", "what a second run would add, update and remove"),
            Example("twin ingest ~/wiki --include '*.md' --exclude 'drafts/**'", "only Markdown, without the drafts"),
            Example("twin ingest https://example.com/article.html", "a web page"),
            Example("cat notes.md | twin ingest - --format markdown --title 'Notes of Monday'", "standard input"),
            Example("twin ingest ~/papers --jsonl | jq -r 'select(.status==\"failed\").path'", "the files that failed"),
        ],
        arguments: [
            Argument(
                "PATH|URL|-", .many, help: "Files, folders, http(s) addresses, or - for standard input",
                completion: .files)
        ],
        options: [
            .twin,
            .flag("recursive", short: "r", negatable: true, default: "on", help: "Go into the folders below a folder"),
            .string("include", "GLOB", repeats: true, help: "Only files that match"),
            .string("exclude", "GLOB", repeats: true, help: "No files and folders that match"),
            .flag("prune", help: "Remove the sources below the given paths whose file is gone"),
            .flag("dry-run", short: "n", help: "Show what would be done, in the shape of the result, and do nothing"),
            .flag("retry-failed", help: "Try the files again that failed before"),
            .int("jobs", short: "j", in: 1...256, default: "number of processors", help: "Read so many files at once"),
            .flag("fail-fast", help: "Stop at the first file that fails"),
            .choice("format", "FORMAT", short: "f", of: formats, help: "Read every input as this format, whatever its name"),
            .string("title", "TEXT", help: "The title of the source; for a single input"),
            .keyValue("metadata", short: "m", help: "A property kept with each source of this run"),
            .path("from-file", "LIST", help: "Take further paths and addresses from a file, one a line; - is standard input"),
            .flag("allow-private", help: "Fetch from private and loopback addresses too"),
        ],
        exits: [.notConfigured, .notFound, .notPermitted, .limitReached, .busy, .upstream, .partlyDone, .interrupted],
        alsoCalled: ["add", "import", "learn", "load", "index"], run: { try $0.notWired() })

    /// The names that `--format` takes.
    static let formats = [
        "text", "markdown", "html", "csv", "tsv", "json", "jsonl", "srt", "vtt", "docx", "pptx", "xlsx", "epub", "rss",
        "eml", "pdf",
    ]
}
