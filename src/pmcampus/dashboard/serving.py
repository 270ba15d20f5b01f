"""The dashboard served: on this machine alone, or as a service of JupyterHub."""

import ipaddress
import os
import socket
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pmcampus.accesslog import open_log
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import load_cohort, load_roster
from pmcampus.dashboard.app import build
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.hub import hub_of_this_process
from pmcampus.errors import CohortError
from pmcampus.forms import load_form
from pmcampus.model.dashboard import DashboardForm

if TYPE_CHECKING:
    import uvicorn

FORM = "dashboard.yaml"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether nobody beyond this machine can reach this address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def local_campus(folder: Path, *, root: Path, port: int = 0) -> Campus:
    """A dashboard for whoever sits at this machine.

    Raises:
        CohortError: there is no cohort with a roster.
    """
    _cohort(folder, root)
    return Campus(folder, root, open_log(folder), hosts=LOOPBACK_NAMES, cookie=f"pmcampus-{port}")


def hub_campus(folder: Path, *, root: Path) -> Campus:
    """A dashboard that asks the Hub which started this process who somebody is.

    Raises:
        CohortError: no cohort with a roster, no usable `dashboard.yaml`, or the Hub did not start us.
    """
    learners = _cohort(folder, root)
    hub = hub_of_this_process(dashboard_form(folder), learners=learners)
    return Campus(folder, root, open_log(folder), hosts=hub.form.hosts, prefix=hub.prefix, hub=hub)


def dashboard_form(folder: Path) -> DashboardForm:
    """`dashboard.yaml`: who may come.

    Raises:
        CohortError: it is missing or faulty.
    """
    path = folder / FORM
    if not path.is_file():
        raise CohortError(
            f"{path}: this file is missing; it says which accounts of the Hub teach and which learn. "
            "The guide to the dashboard shows one."
        )
    form = load_form(folder, path, DashboardForm)
    if form.model is None:
        raise CohortError(f"{path}:{form.faults[0].line}: {form.faults[0].message}")
    return form.model


def serve(
    folder: Path,
    *,
    root: Path,
    host: str = "127.0.0.1",
    port: int = 0,
    hub: bool = False,
    tell: Callable[[str], None] = print,
) -> None:
    """Serve until the user stops it.

    Args:
        host: only an address of this machine itself, unless a Hub stands before it.
        port: 0 takes a free one. With a Hub, the Hub says host and port.

    Raises:
        CohortError: no cohort, an address others can reach without a Hub, or a port that is taken.
    """
    if hub:
        campus = hub_campus(folder, root=root)
        where = urlsplit(os.environ.get("JUPYTERHUB_SERVICE_URL", ""))
        if where.hostname is None or where.port is None:
            raise CohortError(
                "JUPYTERHUB_SERVICE_URL is not set: give the service a `url` in the Hub's settings."
            )
        listening = listen(where.hostname, where.port)
    else:
        if not is_loopback(host):
            raise CohortError(
                f"{host}: others can reach this address, and without JupyterHub nobody would be asked who "
                "they are. Use 127.0.0.1, or run the dashboard as a service of a Hub with --hub."
            )
        listening = listen(host, port)
        port = listening.getsockname()[1]
        campus = local_campus(folder, root=root, port=port)
        shown = f"[{host}]" if ":" in host else host
        tell(f"Open once: http://{shown}:{port}/enter?token={campus.token.renew()}")
        tell("The address works one time, in one browser. Stop with Ctrl+C.")
    Thread(target=_load_statistics, daemon=True).start()
    with listening:
        server_of(campus).run(sockets=[listening])


def _load_statistics() -> None:
    """The large libraries, while somebody still looks at the first page."""
    from pmcampus.statistics.door import optimize, stats

    stats()
    optimize()


def server_of(campus: Campus) -> "uvicorn.Server":
    """A server for this dashboard, which keeps no list of what was asked."""
    import uvicorn

    settings = uvicorn.Config(
        build(campus),
        log_level="warning",
        access_log=False,  # addresses hold learners' ids
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(settings)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        CohortError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as problem:
        listening.close()
        raise CohortError(
            f"{host}:{port} cannot be used ({problem.strerror}); name another port with --port."
        ) from problem
    return listening


def _cohort(folder: Path, root: Path) -> frozenset[str]:
    """The ids on the roster."""
    cohort = load_cohort(folder)
    return frozenset(learner.id for learner in load_roster(folder, cohort, roles=role_ids(root)))
