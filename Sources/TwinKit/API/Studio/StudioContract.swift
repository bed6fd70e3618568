import TwinHTTP
import TwinSupport

/// The studio contract: experts build twins, look after them and share them.
package struct StudioContract: Contract {
    package let name = "studio"
    package let prefixes = ["/"]
    package let secretPaths = ["/public", "/auth"]
    package let replyForm = Self.reply
    package var schemas: JSONObject { StudioSchemas.all }
    package var pathParameters: JSONObject { StudioSchemas.pathParameters }

    /// JSON Lines, which is what its clients and `jq` read.
    static let reply = ReplyForm.lines

    package init() {}

    /// `{"detail": …}`, and 500 where the server itself is not set up.
    package func response(to error: ErrorReport, _ request: Request) -> Response {
        var error = error
        if error.kind == .notConfigured { error.status = .internalServerError }
        return error.detailResponse
    }

    /// All that the paths of no other contract claim.
    package func routes(_ context: APIContext) -> [RouteArea] {
        [
            RouteArea("Account", StudioAccount(context: context)),
            RouteArea("Account", StudioPasswords(context: context)), RouteArea("Twins", StudioTwins(context: context)),
            RouteArea("Ingestion", StudioIngest(context: context)), RouteArea("Sources", StudioSources(context: context)),
            RouteArea("Jobs", StudioJobs(context: context)),
            RouteArea("Verified answers", StudioKnowledge(context: context)),
            RouteArea("Access groups", StudioGroups(context: context)), RouteArea("Owner", StudioOwner(context: context)),
            RouteArea("Owner", StudioReview(context: context)), RouteArea("Chat", StudioFeedback(context: context)),
            RouteArea("Chat", StudioChat(context: context)), RouteArea("Sharing", StudioSharing(context: context)),
            RouteArea("Widget", StudioWidget(context: context)),
            RouteArea("Conversations", StudioConversations(context: context)),
            RouteArea("Metrics", StudioMetrics(context: context)), RouteArea("API keys", StudioKeys(context: context)),
        ]
    }
}

extension APIContext {
    /// Does what this contract answers with 400 where it conflicts with what is there: a name that is taken, a question that
    /// is resolved.
    func conflictsAreInvalid<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as TwinError where error.kind == .conflict {
            throw TwinError(.invalid, error.message)
        }
    }
}
