"""The dashboard's nouns: who may see what, what was seen, and what learners ask to have looked at again."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from pmcampus.model.cohort import LearnerId
from pmcampus.model.common import Frozen, Slug

Account = Annotated[str, StringConstraints(min_length=1, max_length=255)]
HostName = Annotated[str, StringConstraints(pattern=r"^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]


class DashboardForm(Frozen):
    """`dashboard.yaml` in a cohort's folder: who may see it through JupyterHub. Everybody else sees nothing.

    Args:
        hosts: names under which people reach the Hub, without scheme and port.
        instructors: accounts of the Hub that see the whole cohort.
        instructor_groups: groups of the Hub whose members do.
        learners: account to the learner's id on the roster; each sees the own page only.
        same_names: an account with the same name as a learner's id belongs to that learner. Only for a
            Hub where nobody can choose the own account name.
    """

    hosts: Annotated[tuple[HostName, ...], Field(min_length=1)]
    instructors: tuple[Account, ...] = ()
    instructor_groups: tuple[Account, ...] = ()
    learners: dict[Account, LearnerId] = Field(default_factory=dict)
    same_names: bool = False


class Look(Frozen):
    """One line of the access log: who saw or changed what. Accounts and learners are pseudonyms.

    `pruned` says that lines were let go when their time was over; `before` is then the last one's seal.
    """

    at: AwareDatetime
    who: str
    did: Literal["came in", "saw", "changed", "was refused", "pruned"]
    what: str
    learner: str = ""
    assessment: str = ""
    item: str = ""
    before: str = ""
    after: str = ""


class Appeal(Frozen):
    """A learner asks to have one item, or a whole submission (`cell` is empty), looked at again."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    learner: LearnerId
    assessment: Slug
    cell: str = ""
    reason: Reason
    raised: AwareDatetime
    raised_by: str
    score: float | None = None


class Answer(Frozen):
    """An instructor's answer to an appeal; `before` and `after` are the item's points, where it has one."""

    appeal: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    upheld: bool
    words: Reason
    answered: AwareDatetime
    answered_by: str
    before: float | None = None
    after: float | None = None


class Case(Frozen):
    """An appeal with its answer, once there is one."""

    appeal: Appeal
    answer: Answer | None = None
