"""A published site on loopback that gives away what a public site does, and one that fails as asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pmcampus.releases.shelf import index

FAULTS = ("dies half-way", "truncated", "other bytes", "redirects", "broken")


@contextmanager
def published(
    root: Path, *, fault: str = "", at: str = "learner.zip", private: bool = False
) -> Iterator[str]:
    """The address of a site with this campus's releases.

    Args:
        fault: how it fails when it is asked for a path that ends like `at`.
        private: it gives away the educators' archives, too.
    """

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/releases/")
            content = _content(root, path, private=private)
            if content is None:
                self.send_error(404)
            elif fault and path.endswith(at):
                self._fail(content)
            else:
                self._answer(content)

        def _answer(self, content: bytes, *, size: int | None = None) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content) if size is None else size))
            self.end_headers()
            self.wfile.write(content)

        def _fail(self, content: bytes) -> None:
            half = content[: len(content) // 2]
            match fault:
                case "dies half-way":
                    self._answer(half, size=len(content))
                    self.wfile.flush()
                    self.connection.close()
                case "truncated":
                    self._answer(half)
                case "other bytes":
                    self._answer(bytes([content[0] ^ 1]) + content[1:])
                case "redirects":
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                    self.end_headers()
                case _:
                    self.send_error(500)

        def log_message(self, format: str, *values: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def _content(root: Path, path: str, *, private: bool) -> bytes | None:
    if path == "index.json":
        return index(root).model_dump_json().encode()
    if path.endswith("educator.zip") and not private:
        return None
    file = root / "releases" / path
    return file.read_bytes() if file.is_file() else None
