"""A chat completions endpoint that takes its time: four cited sentences, a quarter of a second for each half of one. `twin` passes a
sentence on when it is whole and checked. Prints its URL, then serves until it is ended.

After `GET /v1/hold` no answer comes to its last piece before `GET /v1/go`, which tells how many were waiting for it or on their way
there: whoever hears the beginning of an answer first has not been sent all of it at once, however slow the machine is."""

import http.server
import json
import threading
import time

PIECES = [
    "The gear oil is changed ", "every 500 hours [1]. ", "A filter lasts ", "200 hours [1]. ", "Both are written ",
    "into the log [1]. ", "The log is kept ", "for ten years [1].",
]


may_end = threading.Event()
may_end.set()
unfinished, counted = 0, threading.Lock()


def count(change):
    global unfinished
    with counted:
        unfinished += change
        return unfinished


class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        # What `twin` looks for to say whether the model is up.
        value = {"object": "list", "data": [{"id": "scripted", "object": "model"}]}
        if self.path.endswith("/hold"):
            may_end.clear()
        elif self.path.endswith("/go"):
            value = {"unfinished": count(0)}
            may_end.set()
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        count(1)
        try:
            for piece in PIECES[:-1]:
                self.say(piece)
                time.sleep(0.25)
            may_end.wait(120)
        finally:
            count(-1)
        self.say(PIECES[-1])
        time.sleep(0.25)
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            # `twin` leaves when its own client does.
            pass

    def say(self, piece):
        self.event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})

    def event(self, value):
        self.wfile.write(b"data: " + json.dumps(value).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
server.serve_forever()
