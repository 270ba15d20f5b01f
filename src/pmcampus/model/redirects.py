"""The form `site/redirects.yaml`: where pages are that had another address before."""

from typing import Annotated

from pydantic import Field, StringConstraints

from pmcampus.model.common import Frozen

FOLDERS, PAGE = r"^([a-z0-9][A-Za-z0-9._-]*/)*", r"[a-z0-9][A-Za-z0-9._-]*"
# Below the first page, without a slash in front: a folder's page ends with one, a file's with .html.
Was = Annotated[str, StringConstraints(pattern=rf"{FOLDERS}{PAGE}(/|\.html)$")]
Now = Annotated[str, StringConstraints(pattern=rf"{FOLDERS}({PAGE}\.html)?(#[A-Za-z0-9._-]+)?$")]


class RedirectForm(Frozen):
    """`redirects.yaml`: an old address to the one that took its place."""

    redirects: dict[Was, Now] = Field(default_factory=dict)
