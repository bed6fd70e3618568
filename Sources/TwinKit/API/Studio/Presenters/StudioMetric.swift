import TwinSupport

// What is measured of a twin, as the studio contract shows it. The command line prints the same.

extension Metrics.Dashboard: JSONRepresentable {
    package var json: JSON {
        [
            "conversations": .number(conversations), "messages": .number(messages), "user_messages": .number(userMessages),
            "assistant_messages": .number(assistantMessages), "avg_confidence": .double(averageConfidence),
            "escalation_rate": .double(escalationRate), "refusal_rate": .double(refusalRate),
            "answered_rate": .double(answeredRate), "response_rate": .double(responseRate), "rated_up": .number(ratedUp),
            "rated_down": .number(ratedDown), "period_days": .number(days),
        ]
    }
}

extension Metrics.Day: JSONRepresentable {
    package var json: JSON {
        ["date": .string(date), "conversations": .number(conversations), "messages": .number(messages)]
    }
}

extension Metrics.TopQuestion: JSONRepresentable {
    package var json: JSON {
        [
            "question": .string(question), "count": .number(count), "answered_rate": .double(answeredRate),
            "avg_confidence": .double(averageConfidence),
        ]
    }
}

extension Metrics.Activity: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "type": .string(kind.rawValue), "title": .string(title), "description": .string(description),
            "time": .string(time.description), "metadata": .object([kind.rawValue + "_id": .string(id)]),
        ]
    }
}

extension Metrics.UsageSummary.Measure: JSONRepresentable {
    package var json: JSON {
        [
            "count": .number(count), "sum": Metrics.number(sum), "min": Metrics.number(minimum),
            "max": Metrics.number(maximum), "avg": Metrics.number(average),
        ]
    }
}

extension Metrics.UsageSummary: JSONRepresentable {
    package var json: JSON {
        [
            "total_requests": .number(requests), "total_tokens": .number(tokens), "avg_latency_ms": .double(averageLatency),
            "error_count": .number(errors), "error_rate": .double(errorRate),
            "metrics": .object(JSONObject(measures.map { (key: $0.type, value: $0.json) })), "period_days": .number(days),
        ]
    }
}

extension KnowledgeProfile: JSONRepresentable {
    package var json: JSON {
        [
            "total_chunks": .number(totalChunks), "total_sources": .number(totalSources), "fact_count": .number(factCount),
            "opinion_count": .number(opinionCount),
            "tone_distribution": .object(JSONObject(tones.map { (key: $0.tone, value: .number($0.count)) })),
            "top_tone": .string(topTone), "sampled_chunks": .number(sampledChunks),
        ]
    }
}

extension Audience.Visitor: JSONRepresentable {
    package var json: JSON {
        [
            "visitor_id": .string(id), "session_id": .optional(sessionID), "session_type": .string(sessionType),
            "user_id": .optional(userID), "first_seen": .string(firstSeen.description),
            "last_seen": .string(lastSeen.description), "conversation_count": .number(conversationCount),
            "message_count": .number(messageCount),
        ]
    }
}

extension Audience.Page: JSONRepresentable {
    package var json: JSON {
        [
            "twin_id": .string(twinID), "total_visitors": .number(totalVisitors),
            "returning_visitors": .number(returningVisitors), "avg_messages_per_visitor": .double(averageMessages),
            "visitors": .array(visitors.map(\.json)), "total": .number(totalVisitors), "limit": .number(limit),
            "offset": .number(offset),
        ]
    }
}
