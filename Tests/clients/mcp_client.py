"""The MCP library's client against `twin mcp` and `twin serve`: one script over both transports.

    mcp_client.py BINARY URL KEY
"""
import asyncio
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client import streamable_http

try:
    import httpx2 as httpx
except ImportError:
    import httpx

binary, url, key = sys.argv[1:4]


def check(condition, what):
    if not condition:
        sys.exit(f"error: {what}")


async def script(session, writes):
    tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    reading = {"ask", "search", "fetch", "list_twins", "list_sources", "get_citation"}
    writing = {"add_verified_answer", "answer_escalation", "ingest_text"}
    check(reading <= set(tools) and (writing <= set(tools)) == writes, sorted(tools))
    answer = await session.call_tool("ask", {"question": "When is the gear oil changed?"})
    structured = answer.structuredContent if hasattr(answer, "structuredContent") else answer.structured_content
    check("500" in structured["answer"] and structured["status"] == "grounded", structured)
    citation = structured["citations"][0]
    quote = await session.call_tool(
        "get_citation", {"source_id": citation["source_id"], "start": citation["start"], "end": citation["end"]})
    check(citation["quote"] in quote.content[0].text, quote)
    found = await session.call_tool("search", {"query": "filter", "limit": 1})
    results = (found.structuredContent if hasattr(found, "structuredContent") else found.structured_content)["results"]
    read = await session.call_tool("fetch", {"id": results[0]["id"]})
    check("200 hours" in read.content[0].text, read)
    for name, arguments in [("ask", {}), ("ask", {"question": 1}), ("fetch", {"id": "x"}), ("search", {"query": "a", "b": 1})]:
        result = await session.call_tool(name, arguments)
        check(result.isError if hasattr(result, "isError") else result.is_error, f"{name} {arguments} did not fail")
    resources = (await session.list_resources()).resources
    texts = [(await session.read_resource(resource.uri)).contents[0].text for resource in resources]
    check(any("gear oil" in text for text in texts), texts)
    check((await session.list_prompts()).prompts[0].name == "ask-expert", "no prompt")
    prompt = await session.get_prompt("ask-expert", {"question": "Why?"})
    check("Why?" in prompt.messages[0].content.text, prompt)
    if writes:
        await session.call_tool("add_verified_answer", {"question": "Who wrote the manual?", "answer": "Ada did."})
        answer = await session.call_tool("ask", {"question": "Who wrote the manual?"})
        check("Ada did." in answer.content[0].text, answer)


async def main():
    environment = {name: value for name, value in os.environ.items()}
    for words, writes in [(["mcp"], False), (["mcp", "--write"], True)]:
        parameters = StdioServerParameters(command=binary, args=words, env=environment)
        async with stdio_client(parameters) as (read, write):
            async with ClientSession(read, write) as session:
                await session.initialize()
                await script(session, writes)
    print("ok: mcp over standard input and output")
    fields = {"authorization": f"Bearer {key}"}
    if hasattr(streamable_http, "streamable_http_client"):
        async with httpx.AsyncClient(headers=fields) as http:
            async with streamable_http.streamable_http_client(url + "/mcp", http_client=http) as streams:
                async with ClientSession(streams[0], streams[1]) as session:
                    await session.initialize()
                    await script(session, False)
    else:
        async with streamable_http.streamablehttp_client(url + "/mcp", headers=fields) as streams:
            async with ClientSession(streams[0], streams[1]) as session:
                await session.initialize()
                await script(session, False)
    try:
        from mcp import Client
    except ImportError:
        Client = None
    if Client is not None:
        # The newest revision, which begins without a handshake.
        async with httpx.AsyncClient(headers=fields) as http:
            async with Client(streamable_http.streamable_http_client(url + "/mcp", http_client=http)) as client:
                check(client.protocol_version == "2026-07-28", client.protocol_version)
                await script(client, False)
    print("ok: mcp over HTTP")


asyncio.run(main())
