import TwinHTTP

/// The studio contract: experts build twins, look after them and share them.
struct StudioAPI: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        let collections: [(String, any RouteCollection)] = [
            ("Account", StudioAccount(context: context)), ("Twins", StudioTwins(context: context)),
            ("Ingestion", StudioIngest(context: context)), ("Sources", StudioSources(context: context)),
            ("Jobs", StudioJobs(context: context)),
            ("Verified answers", StudioKnowledge(context: context)), ("Access groups", StudioGroups(context: context)),
            ("Owner", StudioOwner(context: context)), ("Chat", StudioChat(context: context)),
            ("Sharing", StudioSharing(context: context)), ("Widget", StudioWidget(context: context)),
            ("Conversations", StudioConversations(context: context)), ("Metrics", StudioMetrics(context: context)),
            ("API keys", StudioKeys(context: context)),
        ]
        for (tag, collection) in collections {
            try group.group(tags: [tag]) { try collection.add(to: &$0) }
        }
    }
}
