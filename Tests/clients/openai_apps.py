"""What people build on OpenAI's library, each against `twin serve`: langchain-openai, llama-index-llms-openai-like,
openai-agents, and `llm` with its extra-openai-models.yaml. Each asks, streams, is refused what the twin does not know, and meets a
wrong key, an unknown model, a limit that is reached, and a connection that breaks.

    openai_apps.py BINARY [NAME...]

The libraries are installed by name, with this Python; without NAME all are tried.
"""
import asyncio
import logging
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse

import openai

from served import QUESTION, Served, check

# One for all: a client's connections belong to the loop that opened them, and are closed in the one that runs.
loop = asyncio.new_event_loop()
UNKNOWN = "Who is the king of Spain?"


class Cut:
    """Passes connections on to a server, and cuts each off after `limit` bytes of what comes back, until it is mended: some clients
    try again by themselves."""

    def __init__(self, url, limit):
        place = urllib.parse.urlsplit(url)
        self.target, self.limit = (place.hostname, place.port), limit
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.is_broken = True
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            threading.Thread(target=self.copy, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self.copy, args=(server, client, self.limit if self.is_broken else None), daemon=True).start()

    def copy(self, source, sink, limit):
        try:
            while data := source.recv(4_096):
                if limit is not None and len(data) >= limit:
                    sink.sendall(data[:limit])
                    break
                sink.sendall(data)
                limit = None if limit is None else limit - len(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


class LangChain:
    responses = False

    def __init__(self, url, key, model):
        from langchain_openai import ChatOpenAI

        self.chat = ChatOpenAI(
            base_url=url + "/v1", api_key=key, model=model, max_retries=0, use_responses_api=self.responses)

    @staticmethod
    def text(message):
        content = message.content
        return content if isinstance(content, str) else "".join(part.get("text", "") for part in content if isinstance(part, dict))

    def ask(self, question):
        return self.text(self.chat.invoke(question))

    def stream(self, question):
        return [self.text(chunk) for chunk in self.chat.stream(question)]


class LangChainResponses(LangChain):
    responses = True


class LlamaIndex:
    def __init__(self, url, key, model):
        from llama_index.llms.openai_like import OpenAILike

        self.llm = OpenAILike(model=model, api_base=url + "/v1", api_key=key, is_chat_model=True, max_retries=0, context_window=8_000)

    def ask(self, question):
        return self.llm.complete(question).text

    def stream(self, question):
        return [chunk.delta or "" for chunk in self.llm.stream_complete(question)]


class Agents:
    responses = True

    def __init__(self, url, key, model):
        import agents

        agents.set_tracing_disabled(True)
        client = openai.AsyncOpenAI(base_url=url + "/v1", api_key=key, max_retries=0)
        kind = agents.OpenAIResponsesModel if self.responses else agents.OpenAIChatCompletionsModel
        # It tells of every error before it throws it.
        logging.getLogger("openai.agents").setLevel(logging.CRITICAL)
        self.agents = agents
        self.agent = agents.Agent(name="Expert", instructions="Be brief.", model=kind(model=model, openai_client=client))

    def ask(self, question):
        async def ask():
            return (await self.agents.Runner.run(self.agent, question)).final_output

        return loop.run_until_complete(ask())

    def stream(self, question):
        async def stream():
            run = self.agents.Runner.run_streamed(self.agent, question)
            return [
                event.data.delta async for event in run.stream_events()
                if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
            ]

        return loop.run_until_complete(stream())


class AgentsChat(Agents):
    responses = False


class LLM:
    """Simon Willison's `llm`, a program of the command line."""

    def __init__(self, url, key, model):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=workplace))
        (self.folder / "extra-openai-models.yaml").write_text(
            f"- model_id: expert\n  model_name: {model}\n  api_base: {url}/v1\n  api_key_name: twin\n")
        self.key = key

    def run(self, question, *words):
        program = pathlib.Path(sys.executable).with_name("llm")
        done = subprocess.run(
            [program, "-m", "expert", "--key", self.key, *words, question], capture_output=True, text=True, stdin=subprocess.DEVNULL,
            env=os.environ | {"LLM_USER_PATH": str(self.folder)}, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def ask(self, question):
        return self.run(question, "--no-stream")

    def stream(self, question):
        return [self.run(question)]


def fails(what, kind, words, call):
    """`call` has to fail, with an error of `kind` for a library and with words of ours for a program."""
    try:
        result = call()
    except RuntimeError as error:
        check(words in str(error), f"{what}: {error}")
    except Exception as error:
        causes = [error]
        while causes[-1].__cause__ or causes[-1].__context__:
            causes.append(causes[-1].__cause__ or causes[-1].__context__)
        check(any(isinstance(cause, kind) for cause in causes), f"{what}: {type(error).__name__}: {error}")
    else:
        check(False, f"{what} did not fail: {result}")


def script(name, make):
    client = make(served.url, served.key, "amara")
    check("500" in client.ask(QUESTION), f"{name}: no answer")
    pieces = client.stream(QUESTION)
    check("500" in "".join(pieces), f"{name}: no answer in {pieces}")
    refusal = client.ask(UNKNOWN)
    check(refusal.strip() and "Felipe" not in refusal and "500" not in refusal, f"{name}: it made something up: {refusal}")
    for ask in ("ask", "stream"):
        def call(url, key, model):
            return getattr(make(url, key, model), ask)(QUESTION)

        fails(f"{name}: a wrong key", openai.AuthenticationError, "401", lambda: call(served.url, "tenant_wrong", "amara"))
        fails(f"{name}: an unknown model", openai.NotFoundError, "no model 'nobody'", lambda: call(served.url, served.key, "nobody"))
        fails(f"{name}: a limit that is reached", openai.RateLimitError, "429", lambda: call(limited.url, limited.key, "amara"))
        import httpx

        cut = Cut(served.url, 60 if ask == "ask" else 900)
        fails(
            f"{name}: a connection that breaks", (openai.APIConnectionError, httpx.TransportError), "onnection",
            lambda: call(cut.url, served.key, "amara"))
        cut.is_broken = False
        check("500" in make(cut.url, served.key, "amara").ask(QUESTION), f"{name}: no answer after the connection broke")
        cut.close()
    print(f"ok: {name}")


CLIENTS = {
    "langchain-openai": LangChain, "langchain-openai, responses": LangChainResponses, "llama-index-llms-openai-like": LlamaIndex,
    "openai-agents": Agents, "openai-agents, chat completions": AgentsChat, "llm": LLM,
}
chosen = sys.argv[2:]
with tempfile.TemporaryDirectory() as workplace, Served(sys.argv[1], "--log", "none") as served, Served(
    sys.argv[1], "--log", "none", variables={"TWIN_QUOTA_TENANT_DAILY": "1"}
) as limited:
    for name, make in CLIENTS.items():
        if not chosen or name.split(",")[0] in chosen:
            script(name, make)
