"""The look: the campus's own stylesheet, font and the one small script, from this address alone."""

from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pmcampus.content import site_folder
from pmcampus.dashboard.campus import Campus

KINDS = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2"}


def assets(campus: Campus) -> Route:
    """`/static/...`: these files and no others, whatever the path says."""
    theme = site_folder(campus.root, "theme")
    pages = Path(str(files("pmcampus"))) / "data" / "pages"
    known = {
        "css/campus.css": theme / "css" / "campus.css",
        "css/cohort.css": pages / "cohort.css",
        "js/tables.js": pages / "tables.js",
        "fonts/atkinson-next-normal.woff2": theme / "fonts" / "atkinson-next-normal.woff2",
        "fonts/atkinson-next-italic.woff2": theme / "fonts" / "atkinson-next-italic.woff2",
    }

    def answer(request: Request) -> Response:
        path = known.get(request.path_params["path"])
        if path is None:
            return Response("no such file", 404, media_type="text/plain")
        headers = {"cache-control": "private, max-age=3600"}
        return Response(path.read_bytes(), headers=headers, media_type=KINDS[path.suffix])

    return Route("/static/{path:path}", answer, methods=["GET"])
