import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinReaders

@Suite struct MailAndFeedTests {
    static let message = """
        From: =?utf-8?Q?Ada_M=C3=A4rz?= <ada@example.org>
        To: ben@example.org
        Subject: =?utf-8?B?R3LDvMOfZQ==?= =?utf-8?Q?_and?=
         more
        Date: Tue, 5 Mar 2024 10:00:00 +0100
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        preamble
        --outer
        Content-Type: multipart/alternative; boundary=inner

        --inner
        Content-Type: text/html; charset=utf-8

        <p>HTML <b>text</b></p>
        --inner
        Content-Type: text/plain; charset=iso-8859-1; format=flowed
        Content-Transfer-Encoding: quoted-printable

        Gr=FC=DFe from the=20
        field, long=
        er line.
        --inner--
        --outer
        Content-Type: application/pdf; name="plan.pdf"
        Content-Transfer-Encoding: base64

        JVBERi0=
        --outer
        Content-Type: message/rfc822

        From: carl@example.org
        Subject: inner

        Inner body.
        --outer--
        """

    @Test func `a message gives its plain text, its headers and the names of its attachments`() throws {
        let document = try read(Self.message, "a.eml")
        #expect(document.title == "Grüße and more")
        #expect(document.author == "Ada März <ada@example.org>")
        #expect(document.publishedAt == "2024-03-05T09:00:00.000Z")
        #expect(
            document.text.contains(
                "Subject: Grüße and more\n\nGrüße from the field, longer line.\n\nFrom: carl@example.org\nSubject: inner\n\nInner body.\n"
            ))
        #expect(!document.text.contains("HTML"))
        #expect(document.notices.count == 1 && document.notices[0].contains("attachment plan.pdf was left out"))
    }

    @Test func `a message of HTML alone is read as a page`() throws {
        let document = try read(
            "From: a@b\nReceived: x\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGgxPkhpPC9oMT48cD5UZXh0PC9wPg==\n",
            "m")
        #expect(document.text == "From: a@b\n\nHi\n\nText\n")
    }

    @Test func `a mailbox has a part for each message`() throws {
        let box =
            "From a@b Mon Jan  1 00:00:00 2024\nFrom: a@b\nSubject: One\n\nBody one.\n>From here on.\n\nFrom c@d Mon Jan  1 00:00:00 2024\nFrom: c@d\nSubject: Two\n\nBody two.\nFrom the start it was clear.\n"
        let document = try read(box, "a.mbox")
        let chunks = Chunker().chunks(of: document)
        #expect(chunks.map(\.headings) == [["One"], ["Two"]])
        #expect(document.text.contains("Body one.\nFrom here on.\n"))
        #expect(document.text.contains("Body two.\nFrom the start it was clear.\n"))
    }

    @Test func `messages inside of messages end at the depth limit`() throws {
        var text = "From: a@b\nSubject: deepest\n\nbottom\n"
        for _ in 0..<40 { text = "From: a@b\nContent-Type: message/rfc822\n\n" + text }
        let document = try read(text, "a.eml")
        #expect(!document.text.contains("bottom"))
    }

    @Test func `feed items are records with title, date and link`() throws {
        let feed = """
            <?xml version="1.0"?><rss version="2.0"><channel><title>Field &amp; Farm</title><link>https://e.org/</link><language>en</language>
            <item><title>First</title><link>https://e.org/1</link><pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate>
            <description>Short</description><content:encoded><![CDATA[<p>Long <b>text</b>.</p><h1>Sub</h1><p>More.</p>]]></content:encoded></item>
            <item><title>Second</title><description>&lt;p&gt;Escaped&lt;/p&gt;</description></item></channel></rss>
            """
        let document = try read(feed, "feed.xml")
        #expect(document.title == "Field & Farm" && document.link == "https://e.org/")
        #expect(
            document.text
                == "First\n\nPublished: 2024-03-05; Link: https://e.org/1\n\nShort\n\nLong text.\n\nSub\n\nMore.\n\nSecond\n\nEscaped\n"
        )
        #expect(document.headings == ["2 First", "3 Sub", "2 Second"])
    }

    @Test func `what several elements say of an item is read once`() throws {
        let feed = """
            <rss xmlns:media="m" xmlns:itunes="i"><channel><title>F</title>
            <item><title>A</title><description>The winch is red, and so is the mast.</description><content:encoded>Painted in May.</content:encoded></item>
            <item><title>B</title><description>The tern sails &#8230;</description><content:encoded>The tern sails at noon.</content:encoded></item>
            <item><title>C</title><media:group><media:description>Filmed at the pier.</media:description></media:group><itunes:summary>Episode one.</itunes:summary></item>
            </channel></rss>
            """
        let text = try read(feed, "feed.xml").text
        for words in ["so is the mast.", "Painted in May.", "Filmed at the pier.", "Episode one."] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(text.contains("B\n\nThe tern sails at noon.\n"), "an excerpt of what follows is not said twice: \(text)")
    }

    @Test func `Atom entries are read with their alternate link`() throws {
        let feed = """
            <feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title type="html">A &lt;b&gt;x&lt;/b&gt;</title>
            <link rel="self" href="https://s"/><link href="https://e.org/a"/><updated>2024-03-05T10:00:00Z</updated><author><name>Ada</name></author>
            <content type="xhtml"><div><p>Hi <i>you</i></p></div></content></entry></feed>
            """
        #expect(try read(feed, "x.atom").text == "A x\n\nPublished: 2024-03-05; Author: Ada; Link: https://e.org/a\n\nHi you\n")
    }

    @Test func `dates are read in the forms that documents use`() {
        #expect(StatedDate.rfc3339("2024-03-05") == "2024-03-05")
        #expect(StatedDate.rfc3339("2024-03-05 10:20") == "2024-03-05T10:20:00.000Z")
        #expect(StatedDate.rfc3339("2024-03-05T10:20:30.123456+0130") == "2024-03-05T08:50:30.000Z")
        #expect(StatedDate.rfc3339("Fri, 1 Mar 24 10:00 EST") == "2024-03-01T15:00:00.000Z")
        #expect(StatedDate.rfc3339("31-Feb-2024") == nil)
        #expect(StatedDate.rfc3339("tomorrow") == nil)
    }

    @Test func `seeded mutations of mail and feeds never break the invariants`() {
        let feed =
            "<?xml version='1.0'?><rss><channel><title>T</title><item><title>A</title><description>&lt;p&gt;x&lt;/p&gt;</description><content:encoded><![CDATA[<b>y</b>]]></content:encoded></item></channel></rss>"
        for (number, sample) in [
            ("a.eml", Self.message), ("a.mbox", "From a\n\(Self.message)\n\nFrom b\n\(Self.message)"), ("a.rss", feed),
        ].enumerated() {
            var random = SeededRandom(seed: UInt64(200 + number))
            for round in 0..<250 {
                DocumentInvariants.tryReading(
                    Mutation.mutate(Array(sample.1.utf8), using: &random), name: sample.0,
                    "\(sample.0), seed \(200 + number), round \(round)")
            }
        }
    }
}
