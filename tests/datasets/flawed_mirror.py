"""A web server on this machine that has one file and every flaw a mirror can have.

``http://127.0.0.1:PORT/FLAW/FILE`` answers in the way of the method called FLAW.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

CONTENT = np.random.default_rng(0).bytes(300_000)
PIECE = 100_000


class FlawedMirror:
    """The server, and what it has been asked: ``requests`` of (flaw, range), ``served`` bytes."""

    def __init__(self):
        self.requests, self.served = [], 0
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.mirror = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def at(self, flaw):
        return f"http://127.0.0.1:{self._server.server_port}/{flaw}/"

    def close(self):
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def ranges(self, flaw):
        return [wanted for asked, wanted in self.requests if asked == flaw]


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them

    def handle_error(self, *_):
        """Clients that hang up are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        flaw = self.path.split("/")[1]
        self.server.mirror.requests.append((flaw, self.headers.get("Range")))
        getattr(self, flaw)()

    def log_message(self, *_):
        """Say nothing."""

    def start(self):
        wanted = self.headers.get("Range")
        return int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0

    def head(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def head_of_file(self, start, **more):
        status = 206 if start else 200
        if start:
            more["Content_Range"] = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        self.head(status, Content_Length=len(CONTENT) - start, **more)

    def send(self, content):
        self.server.mirror.served += len(content)  # before whoever has it all can ask
        self.wfile.write(content)

    def whole(self):
        self.head_of_file(self.start())
        self.send(CONTENT[self.start() :])

    def rangeless(self):
        self.head_of_file(0)
        self.send(CONTENT)

    def truncates(self):
        self.head_of_file(self.start())
        self.send(CONTENT[self.start() :][:PIECE])

    def truncates_unsaid(self):
        self.head(200)
        self.send(CONTENT[:PIECE])

    def corrupts(self):
        self.head_of_file(self.start())
        self.send(CONTENT[self.start() : -1] + bytes([CONTENT[-1] ^ 1]))

    def stalls(self):
        self.truncates()
        self.server.mirror.closing.wait()

    def silent(self):
        self.server.mirror.closing.wait()

    def drips(self):
        self.head_of_file(self.start())
        rest = CONTENT[self.start() :]
        for begin in range(0, len(rest), PIECE // 10):
            self.send(rest[begin : begin + PIECE // 10])
            if self.server.mirror.closing.wait(0.03):
                return

    def redirects(self):
        self.head(302, Location="/whole/file", Content_Length=0)

    def goes_round(self):
        self.head(302, Location=self.path, Content_Length=0)

    def lacks(self):
        self.send_error(404)

    def busy(self):
        self.send_error(503)

    def page(self):
        self.head(200, Content_Type="text/html; charset=utf-8")
        self.send(b"<html>Please log in to this network</html>")

    def other_size(self):
        self.head(200, Content_Length=7)
        self.send(b"not it\n")

    def endless(self):
        self.head(200)
        while True:
            self.send(CONTENT)

    def misplaces(self):
        if self.start():
            self.head(206, Content_Range=f"bytes 0-9/{len(CONTENT)}", Content_Length=10)
            self.send(CONTENT[:10])
        else:
            self.whole()

    def forbids_ranges(self):
        self.head(403, Content_Length=0) if self.start() else self.whole()

    def unsatisfiable(self):
        self.head(416, Content_Length=0) if self.start() else self.whole()

    def encoded(self):
        self.head_of_file(self.start(), Content_Encoding="gzip")
        self.send(CONTENT[self.start() :])
