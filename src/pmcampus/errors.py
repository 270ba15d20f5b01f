"""What can go wrong, one class per thing a caller may want to handle differently.

Every message names the file, the fact and the remedy, in words an educator knows.
"""


class CampusError(Exception):
    """Anything PM Campus refuses to do, said in one sentence."""


class ContentError(CampusError):
    """A form, notebook or page of the curriculum cannot be read as it stands."""


class CohortError(CampusError):
    """A cohort folder, roster or gradebook cannot be used as it stands."""


class GradingError(CampusError):
    """We failed, not the learner: nothing was scored and the work can be run again."""


class SubmissionRefused(CampusError):
    """One submission cannot be marked, with the reason; the others go on."""


class ReleaseError(CampusError):
    """Something cannot be released, adopted or updated as it stands; nothing was changed."""


class SiteError(CampusError):
    """A part of the site could not be built."""


class CaseRefused(CohortError):
    """Somebody may not do this in a team case; the log of the case says that it was tried."""


class SandboxError(GradingError):
    """This machine cannot hold a learner's code as it must; nothing was run."""


class ValueRefused(CampusError):
    """A value cannot leave a learner's kernel; the message says why, to the learner."""
