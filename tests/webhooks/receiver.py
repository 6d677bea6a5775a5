"""A real receiver on loopback: keeps what it is sent, answers what it is asked to."""

import json
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace


@contextmanager
def receiver(*answers, location="", context: ssl.SSLContext | None = None):
    """Gives `answers` in turn, then the last again. Yields its `port`, `url` and `got`: a list of
    (headers, body, path)."""
    got, left = [], list(answers) or [204]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), body, self.path))
            self.send_response(left.pop(0) if len(left) > 1 else left[0])
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    port = server.server_address[1]
    try:
        yield SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}/recu", got=got)
    finally:
        server.shutdown()
        server.server_close()


def bodies(server):
    return [json.loads(body) for _, body, _ in server.got]
