import Synchronization
import TwinHTTP
import TwinSupport

/// An event as streams tell it.
struct SupportEvent {
    let event: DeskEvent
    let workspace: Workspace

    init(_ event: DeskEvent, in workspace: Workspace) {
        self.event = event
        self.workspace = workspace
    }

    /// None for what is not there any more.
    var json: JSON? {
        get throws {
            var object: JSONObject = [
                "seq": .int(event.sequence), "session_id": .optional(event.sessionID),
                "created_at": .string(event.createdAt.description),
            ]
            switch event.kind {
            case .message:
                guard let id = event.sessionID, let session = try? workspace.deskSessions.find(id, of: event.tenantID),
                    let message = try workspace.deskSessions.message(event.subjectID, in: session)
                else { return nil }
                let name = try message.senderID.flatMap { try workspace.users.find($0)?.fullName }
                object["type"] = "new_message"
                object["message"] = SupportMessage(message, in: session, name: name).json
            case .handover:
                object["type"] = "escalation_status_update"
                object["escalation_status"] = event.details["status"] ?? .null
                object["assigned_supporter_id"] = event.details["user_id"] ?? .null
            case .sessionBegun, .sessionEnded:
                object["type"] = "session_update"
                object["status"] = event.kind == .sessionBegun ? "started" : "ended"
            case .presence:
                object["type"] = "presence_update"
                object["user_id"] = .string(event.subjectID)
                object["supporter_status"] = event.details["status"] ?? .null
            }
            return .object(object)
        }
    }
}

/// One event, written once for all who hear it.
final class SupportTelling: Sendable {
    let json: JSON
    let sequence: Int64
    private let made = Mutex<(events: [UInt8]?, lines: [UInt8]?, frame: [UInt8]?)>((nil, nil, nil))

    init(_ json: JSON, _ sequence: Int64) {
        self.json = json
        self.sequence = sequence
    }

    func bytes(_ format: EventStream.Format) -> [UInt8] {
        made.withLock { made in
            if let known = format == .serverSentEvents ? made.events : made.lines { return known }
            let bytes = EventStream.encode(
                StreamEvent(json["type"]?.stringValue, data: json, id: String(sequence)), as: format)
            if format == .serverSentEvents { made.events = bytes } else { made.lines = bytes }
            return bytes
        }
    }

    var frame: [UInt8] {
        made.withLock { made in
            if let known = made.frame { return known }
            let bytes = WebSocket.encode(json.text)
            made.frame = bytes
            return bytes
        }
    }
}
