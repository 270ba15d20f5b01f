"""What the fault suite shares."""

from collections.abc import Iterator
from functools import cache

import pytest
from nbgrader import api


@pytest.fixture(scope="session", autouse=True)
def one_question_to_alembic() -> Iterator[None]:
    """nbgrader starts a program for each new database to learn its newest schema; once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", cache(api.get_alembic_version))
        yield
