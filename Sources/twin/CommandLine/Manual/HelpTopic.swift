import TwinReaders
import TwinSupport

/// Help about what all commands share.
struct HelpTopic: Sendable {
    let name: String
    let summary: String
    let body: @Sendable () -> String

    static let all = [
        HelpTopic(name: "exit-codes", summary: "What each exit code means") {
            "Every command ends with one of these codes. With --json or --jsonl the reason is also a JSON object on standard"
                + " error:\n\n"
                + #"  {"error":{"code":"not_found","message":"there is no twin 'ada'","exit_code":5}}"# + "\n\n"
                + ExitCode.allCases.map { code in
                    "  " + pad(String(code.rawValue), 5) + pad(code.name, 16) + code.meaning
                }.joined(separator: "\n")
        },
        HelpTopic(name: "environment", summary: "The environment variables that twin reads") {
            let widest = Environment.variables.map(\.name.count).max() ?? 0
            return "An option always wins over the environment. A variable that is empty counts as not set.\n\n"
                + Environment.variables.map { "  " + pad($0.name, widest + 2) + $0.help }.joined(separator: "\n")
        },
        HelpTopic(name: "formats", summary: "Which documents are read, and what the output looks like") {
            documents + """


                Data goes to standard output. Notes, warnings, progress and errors go to standard error, so a pipe carries data \
                only; --quiet leaves out notes and progress.

                On a terminal, lists are aligned tables cut to its width, and times are relative. In a pipe or a file each row \
                is one line with tabs between whole values, without headings and without colour:

                  twin sources list --twin ada | cut -f1 | head -3

                --json prints one JSON document, --jsonl one JSON value per line as soon as it is known; both are the same in a pipe \
                and on a terminal except that a terminal gets the document indented. Control characters in text that comes from \
                documents are shown, never sent to the terminal.

                '-' as a file name is standard input, or standard output where something is written. Nothing asks a question when standard input is not a terminal. When the \
                reader of standard output goes away, as with 'head', the command stops quietly with exit code 141.
                """
        },
        HelpTopic(name: "json", summary: "How JSON output is made, for scripts") {
            """
            Every command takes --json (one document) and --jsonl (JSON Lines, RFC 8259 values separated by newlines).

            A list is an array with --json and a line for each item with --jsonl. A single thing is an object with both. \
            Streams, such as 'twin chat --jsonl' and 'twin ingest --jsonl', send a line for each event at once, so that a \
            reader can act on it; the last line is the summary.

            Names are in snake_case. Identifiers are UUID text. Times are UTC in RFC 3339 with a Z. Sizes are in bytes, \
            durations in the unit that the name ends with (_ms, _seconds). A value that is not known is null; fields are \
            added over time and never change their meaning. The order of fields is always the same.

              twin search "gear oil" --json | jq -r '.[].title'
              twin ingest notes/ --jsonl | jq -r 'select(.status == "failed") | .path'

            An error is an object on standard error, and the exit code says the rest (see 'twin help exit-codes').
            """
        },
        HelpTopic(name: "mail", summary: "What twin tells by mail, and how to set it up") {
            """
            With a mail server set, letters go out: to whoever is invited, to whoever has forgotten a password, to a twin's \
            owners about questions that nothing answered and about what the twin learned in a day, and to those who look after \
            the support desk when somebody waits and nobody is there.

              twin config set mail.url smtps://twin@mail.example.org
              twin config set mail.from "Ada's twin <twin@example.org>"
              twin config set mail.password_file /etc/twin/mail-password
              twin mail test ada@example.org

            smtps:// speaks TLS from the first byte (port 465). smtp:// asks for it with STARTTLS (port 587) and sends nothing \
            without it, except to a server on the same machine, which may have a certificate of its own making. One that the \
            system does not know is named by mail.ca_file.

            Letters wait in the queue of jobs ('twin jobs list'); 'twin serve' and 'twin jobs run' send them. While the server is \
            away, or a setting is wrong, they wait for two days, and one of them is tried once in a while; one that the server \
            refuses for good is a failed job with the server's words, which 'twin jobs retry' sends again. What lets somebody in is made when the letter goes, so nothing of it waits in the file.

            mail.letters names the kinds that are sent: invitations, passwords, unanswered, digest, handovers, or none. A twin's \
            settings mail.unanswered and mail.digest switch these off for its owners. Questions are collected for \
            mail.wait_seconds, so that ten are one letter.
            """
        },
    ]

    /// Each format with the names of its files and what a citation of it has.
    private static var documents: String {
        "twin reads these documents, each also when it is packed with gzip. A citation names what stands behind the colon.\n\n"
            + DocumentFormat.allCases.map { format in
                let names = format.fileExtensions.map { "." + $0 }.joined(separator: " ")
                let tools = format.tools.map { " (through \($0))" } ?? ""
                return "  \(pad(format.rawValue, 10))\(format.name), \(names)\(tools): \(format.kept)"
            }.joined(separator: "\n")
            + "\n\nFootnotes, comments and what pictures show in words are read where they stand. What is left out is said in the "
            + "source's log and counted by 'twin ingest'."
    }

    static func named(_ name: String) -> HelpTopic? { all.first { $0.name == name } }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
