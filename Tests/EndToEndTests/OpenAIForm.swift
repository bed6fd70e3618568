@testable import TwinSupport

/// A form with a file in it, as OpenAI's clients send one.
enum OpenAIForm {
    static let header = "content-type: multipart/form-data; boundary=b"

    static func body(_ filename: String?, _ text: String, _ fields: (String, String)...) -> [UInt8] {
        var form = ""
        for (name, value) in fields { form += "--b\r\ncontent-disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n" }
        if let filename {
            form +=
                "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"\(filename)\"\r\ncontent-type: text/plain\r\n\r\n\(text)\r\n"
        }
        return Array((form + "--b--\r\n").utf8)
    }
}
