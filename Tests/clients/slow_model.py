"""A chat completions endpoint that takes its time: four cited sentences, a quarter of a second for each half of one. `twin` passes a
sentence on when it is whole and checked. Prints its URL, then serves until it is ended."""

import http.server
import json
import time

PIECES = [
    "The gear oil is changed ", "every 500 hours [1]. ", "A filter lasts ", "200 hours [1]. ", "Both are written ",
    "into the log [1]. ", "The log is kept ", "for ten years [1].",
]


class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        # What `twin` looks for to say whether the model is up.
        body = json.dumps({"object": "list", "data": [{"id": "scripted", "object": "model"}]}).encode()
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
        for piece in PIECES:
            self.event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            time.sleep(0.25)
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            # `twin` leaves when its own client does.
            pass

    def event(self, value):
        self.wfile.write(b"data: " + json.dumps(value).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
server.serve_forever()
