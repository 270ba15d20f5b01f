"""Serving a folder on loopback."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from pmcampus.errors import CampusError
from pmcampus.preview import address, serve


def test_a_folder_is_served_on_loopback_only(tmp_path: Path) -> None:
    """Its pages, and its own 404 page with the right status."""
    (tmp_path / "index.html").write_text("home")
    (tmp_path / "404.html").write_text("not here")
    server = serve(tmp_path)
    try:
        assert server.server_address[0] == "127.0.0.1"
        with urllib.request.urlopen(address(server)) as answer:
            assert answer.read() == b"home"
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(address(server) + "nothing")
        assert (missing.value.code, missing.value.read()) == (404, b"not here")
    finally:
        server.shutdown()
        server.server_close()


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    """With the remedy."""
    server = serve(tmp_path)
    try:
        with pytest.raises(CampusError, match="name another with --port"):
            serve(tmp_path, port=server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
