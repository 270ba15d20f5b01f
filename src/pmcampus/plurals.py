"""How many of something, in words: one learner, two learners."""


def counted(number: int, noun: str, *, many: str = "") -> str:
    """The number with its noun.

    Args:
        many: the plural where it is not the noun with an s.
    """
    return f"{number} {noun if number == 1 else many or f'{noun}s'}"
