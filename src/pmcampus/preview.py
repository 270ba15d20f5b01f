"""Show a built site on this machine, and keep it up to date while an author writes."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pmcampus.errors import CampusError
from pmcampus.site import build

Tell = Callable[[str], None]
WATCHED = ("curriculum", "modules", "assessments", "case_studies", "site")
SECONDS_BETWEEN_LOOKS = 1.0


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, with the site's own page where a page is missing, and says nothing."""

    def log_message(self, *args: Any) -> None:
        """No line for each request."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's 404 page, where it has one."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None


def serve(folder: Path, *, port: int = 0) -> ThreadingHTTPServer:
    """A server of this folder on loopback, already answering in a thread; port 0 takes a free one.

    Raises:
        CampusError: the port is taken.
    """
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Quiet, directory=str(folder)))
    except OSError as problem:
        raise CampusError(
            f"port {port} cannot be used ({problem.strerror}); name another with --port."
        ) from problem
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def address(server: ThreadingHTTPServer) -> str:
    """Where the server answers."""
    return f"http://127.0.0.1:{server.server_address[1]}/"


def serve_folders(folders: dict[str, Path], *, tell: Tell) -> None:
    """Each folder served at an address of its own, until the user stops it."""
    with ExitStack() as stack:
        for name, folder in folders.items():
            server = serve(folder)
            stack.callback(server.shutdown)
            tell(f"{name}: {address(server)}")
        tell("Stop with Ctrl+C.")
        threading.Event().wait()


def preview(root: Path, *, port: int, tell: Tell) -> None:
    """The site, built and served, and built again whenever an author saves a file.

    Raises:
        CampusError: the port is taken.
    """
    out = root / "build" / "site"
    build(root, out)
    server = serve(out, port=port)
    tell(f"{address(server)}  (builds again when you save; stop with Ctrl+C)")
    seen = _state(root)
    pause = threading.Event()
    while not pause.wait(SECONDS_BETWEEN_LOOKS):
        now = _state(root)
        if now != seen:
            seen = now
            try:
                build(root, out)
                tell("built again")
            except CampusError as problem:
                tell(f"not built: {problem}")


def _state(root: Path) -> dict[str, int]:
    """When each watched file was last saved, in nanoseconds."""
    files = (p for name in WATCHED for p in (root / name).rglob("*") if p.is_file())
    return {str(p): p.stat().st_mtime_ns for p in files if ".part" not in p.suffixes}
