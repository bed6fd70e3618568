"""One client of a server, for the programs beside this file."""
import http.client, json
from urllib.parse import urlsplit

BROKEN = (OSError, http.client.HTTPException)


class Client:
    """One connection that remembers the newest change it has seen. `fields` are sent with every request."""

    def __init__(self, url, timeout=30, **fields):
        self.address, self.timeout, self.sequence, self.connection = urlsplit(url).netloc, timeout, 0, None
        self.fields = {"accept": "application/json"} | {name.replace("_", "-"): value for name, value in fields.items()}

    def send(self, method, path, body=None, echo=True, kind="application/json"):
        """The status, the fields by small names and the bytes of the reply. With `echo` no older state is wanted than was seen."""
        headers = dict(self.fields)
        if echo and self.sequence:
            headers["x-twin-seq"] = str(self.sequence)
        if body is not None:
            headers["content-type"] = kind
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        for attempt in range(2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(self.address, timeout=self.timeout)
                self.connection.request(method, path, body, headers)
                reply = self.connection.getresponse()
                text = reply.read()
                break
            except BROKEN:
                self.close()
                # A connection that the server has closed meanwhile says nothing about the request; a second failure does.
                if attempt or method != "GET":
                    raise
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, text

    def json(self, method, path, body=None, **options):
        """What is replied with 200, parsed."""
        status, _, text = self.send(method, path, body, **options)
        assert status == 200, (method, path, status, text[:300])
        return json.loads(text)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def upload(name, text):
    """A form with one file: its bytes and its kind."""
    mark = "7c5d0e8fa1"
    return (
        f'--{mark}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n'
        f"content-type: text/markdown\r\n\r\n{text}\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}")


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")
