/// The method and path of everything that the five contracts state, served or not: what the router must keep apart.
enum ContractTemplates {
    static let all: [(contract: String, method: String, path: String)] = text.split(separator: "\n").flatMap { line in
        let words = line.split(separator: " ").map(String.init)
        return words.dropFirst(2).map { (contract: words[0], method: $0, path: words[1]) }
    }

    /// A contract, a path, and the methods that it has there.
    private static let text = """
        studio /auth/sync-user POST
        studio /auth/me GET
        studio /auth/whoami GET
        studio /auth/my-twins GET
        studio /users GET
        studio /users/invite POST
        studio /auth/invitation/{token} GET
        studio /auth/accept-invitation POST
        studio /twins POST GET
        studio /twins/{twin_id} GET PATCH DELETE
        studio /twins/{twin_id}/archive POST
        studio /ingest/file/{twin_id} POST
        studio /ingest/url/{twin_id} POST
        studio /ingest/youtube/{twin_id} POST
        studio /ingest/podcast/{twin_id} POST
        studio /ingest/x/{twin_id} POST
        studio /sources/{twin_id} GET
        studio /sources/{twin_id}/{source_id} DELETE
        studio /sources/{source_id}/logs GET
        studio /sources/{source_id}/re-extract POST
        studio /twins/{twin_id}/knowledge-profile GET
        studio /twins/{twin_id}/verified-qna GET POST
        studio /verified-qna/{qna_id} GET PATCH DELETE
        studio /twins/{twin_id}/access-groups GET POST
        studio /access-groups/{group_id} GET PATCH DELETE
        studio /access-groups/{group_id}/members GET
        studio /twins/{twin_id}/group-memberships POST
        studio /group-memberships/{membership_id} DELETE
        studio /access-groups/{group_id}/permissions POST GET
        studio /access-groups/{group_id}/permissions/{content_type}/{content_id} DELETE
        studio /twins/{twin_id}/owner-memory GET
        studio /twins/{twin_id}/owner-memory/{memory_id} DELETE
        studio /twins/{twin_id}/clarifications GET
        studio /twins/{twin_id}/clarifications/{clarification_id}/resolve POST
        studio /twins/{twin_id}/share-link GET POST
        studio /twins/{twin_id}/sharing PATCH
        studio /public/validate-share/{twin_id}/{token} GET
        studio /public/chat/{twin_id}/{token} POST
        studio /chat-widget/{twin_id} POST
        studio /conversations/{twin_id} GET
        studio /conversations/{conversation_id}/messages GET
        studio /metrics/dashboard/{twin_id} GET
        studio /metrics/top-questions/{twin_id} GET
        studio /metrics/daily/{twin_id} GET
        studio /metrics/activity/{twin_id} GET
        studio /metrics/usage/{twin_id} GET
        studio /audience/{twin_id} GET
        studio /governance/audit-logs GET
        studio /metrics/health GET
        studio /observability/health GET
        studio /api-keys GET POST
        studio /api-keys/{key_id} DELETE
        brain /api/auth/me GET
        brain /api/twins POST GET
        brain /api/twins/{twin_id} GET PATCH DELETE
        brain /api/twins/{twin_id}/conversations POST GET
        brain /api/twins/{twin_id}/conversations/{conversation_id} GET
        brain /api/twins/{twin_id}/chat POST
        brain /api/twins/{twin_id}/documents/upload POST
        brain /api/twins/{twin_id}/documents/{document_id}/process POST
        brain /api/twins/{twin_id}/documents GET
        brain /api/twins/{twin_id}/documents/{document_id} GET DELETE
        brain /api/twins/{twin_id}/memory-candidates GET
        brain /api/twins/{twin_id}/memory-candidates/{candidate_id}/approve POST
        brain /api/twins/{twin_id}/memory-candidates/{candidate_id}/reject POST
        brain /api/twins/{twin_id}/graph GET
        brain /api/twins/{twin_id}/escalations GET
        brain /api/twins/{twin_id}/escalations/{escalation_id}/respond POST
        brain /api/twins/{twin_id}/escalations/{escalation_id}/dismiss POST
        brain /api/twins/{twin_id}/metrics GET
        brain /api/twins/{twin_id}/digest GET
        brain /health GET
        support /api/{tenant_id:uuid}/chat POST
        support /api/{tenant_id:uuid}/session GET
        support /api/auth/login POST
        support /api/auth/register POST
        support /api/auth/users GET
        support /api/admin/agents GET POST
        support /api/admin/agents/{agent_id} PUT
        support /api/admin/agents/reload-cache POST
        support /api/admin/tools GET POST
        support /api/admin/tools/{tool_id} PUT
        support /api/admin/knowledge/upload POST
        support /api/admin/knowledge/ingest POST
        support /api/admin/knowledge/stats GET
        support /api/admin/knowledge/documents DELETE
        support /api/admin/tenants GET POST
        support /api/admin/tenants/{tenant_id} PUT
        support /api/admin/tenants/{tenant_id}/permissions GET PUT
        support /api/admin/widgets/{tenant_id} GET PUT
        support /api/admin/escalation/queue GET
        support /api/admin/escalation/{session_id}/escalate POST
        support /api/admin/escalation/{session_id}/assign POST
        support /api/admin/escalation/{session_id}/resolve POST
        support /api/admin/escalation/staff GET POST
        support /api/{tenant_id:uuid}/supporter/sessions GET
        support /api/{tenant_id:uuid}/supporter/message POST
        support /api/public/widgets/{tenant_id}/config GET
        support /api/public/widgets/{tenant_id}/chat POST
        journal /api/v1/auth/register POST
        journal /api/v1/auth/login POST
        journal /api/v1/users POST
        journal /api/v1/users/{user_id} GET PUT DELETE
        journal /api/v1/users/{user_id}/quota GET PUT
        journal /api/v1/chat_sessions POST
        journal /api/v1/chat_sessions/{session_id} GET PUT DELETE
        journal /api/v1/chat_sessions/user/{user_id} GET
        journal /api/v1/prompts POST
        journal /api/v1/prompts/{prompt_id} GET PUT DELETE
        journal /api/v1/prompts/session/{session_id} GET
        journal /api/v1/system_prompts POST GET
        journal /api/v1/system_prompts/{prompt_id} PUT DELETE
        journal /api/v1/user_prompts POST
        journal /api/v1/user_prompts/user/{user_id} GET
        journal /api/v1/user_prompts/{prompt_id} PUT DELETE
        journal /api/v1/audit_logs POST
        journal /api/v1/audit_logs/{log_id} GET
        journal /api/v1/audit_logs/user/{user_id} GET
        persona /api/v1/identities/components/generate POST
        persona /api/v1/identities/avatars POST GET
        persona /api/v1/identities/avatars/with-lora POST
        persona /api/v1/identities/avatars/{avatar_id} GET
        persona /api/v1/identities/avatars/{avatar_id}/stage PATCH
        persona /api/v1/content/generate POST
        persona /api/v1/content/batch POST
        persona /api/v1/content/batch/sync POST
        persona /api/v1/content/templates GET
        persona /api/v1/content/templates/{template_id} GET
        persona /api/v1/content/hooks POST
        persona /api/v1/content/safety-check POST
        persona /api/v1/content/upload-batch POST
        persona /api/v1/content/avatar/{avatar_id}/content GET
        persona /api/v1/content/stats/{avatar_id} GET
        persona /api/v1/loras/models GET POST
        persona /api/v1/loras/models/upload POST
        persona /api/v1/loras/models/{lora_model_id} DELETE
        persona /api/v1/loras/dataset/generate POST
        persona /api/v1/loras/training/start POST
        persona /api/v1/loras/training/status/{training_job_id} GET
        persona /api/v1/identities/costs/{avatar_id} GET
        persona /api/v1/identities/costs/batch/{batch_id} GET
        persona /api/v1/identities/costs/summary GET
        persona /api/v1/identities/costs/estimate GET
        persona /api/v1/distribution/auth/{platform}/url GET
        persona /api/v1/distribution/auth/{platform}/callback POST
        persona /api/v1/distribution/accounts GET
        persona /api/v1/distribution/accounts/{account_id} DELETE
        persona /api/v1/distribution/health/check/{account_id} POST
        persona /api/v1/distribution/health/check-all POST
        persona /api/v1/distribution/health/dashboard/{user_id} GET
        persona /api/v1/distribution/publish POST
        persona /api/v1/distribution/schedule POST
        persona /api/v1/distribution/scheduled-posts GET
        persona /api/v1/distribution/scheduled-posts/{post_id} DELETE
        persona /api/v1/distribution/analytics/optimal-times/{account_id} GET
        persona /api/v1/conversations GET
        persona /api/v1/conversations/{conversation_id} GET
        persona /api/v1/conversations/{conversation_id}/messages GET
        persona /api/v1/conversations/{conversation_id}/send-message POST
        persona /api/v1/conversations/{conversation_id}/rescore POST
        persona /api/v1/conversations/analytics/overview GET
        persona /api/v1/conversations/upsell-events POST
        persona /api/v1/conversations/upsell-events/{upsell_event_id}/response PUT
        persona /api/v1/conversations/upsell-events/{upsell_event_id}/convert POST
        persona /api/v1/conversations/ab-tests POST
        persona /api/v1/conversations/ab-tests/{test_name}/results GET
        persona /api/v1/conversations/ab-tests/{test_name}/end POST
        persona /api/v1/premium/packs GET
        persona /api/v1/premium/packs/create POST
        persona /api/v1/premium/packs/stats/{avatar_id} GET
        persona /api/v1/premium/conversions/tier-upgrade POST
        persona /api/v1/premium/conversions/tier-upgrade/stats GET
        persona /api/v1/premium/metrics/revenue-per-subscriber GET
        persona /api/v1/premium/metrics/dashboard GET
        persona /api/v1/video/generate POST
        persona /api/v1/video/voice/generate POST
        persona /api/v1/video/distribution/schedule POST
        persona /api/v1/video/costs/{avatar_id} GET
        persona /api/v1/video/costs/user/{user_id} GET
        persona /api/v1/video/costs/estimate POST
        persona /api/v1/webhooks/instagram/verify GET
        persona /api/v1/webhooks/instagram/callback POST
        persona /api/v1/webhooks/tiktok/verify GET
        persona /api/v1/webhooks/tiktok/callback POST
        persona /api/v1/webhooks/manual/send-message POST
        """
}
