"""Who gives certificates: the part of `cohort.yaml` that only an institution can fill in."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pmcampus.model.common import Frozen, Text

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=500)]


class Issuer(Frozen):
    """`issuer` in `cohort.yaml`: the awarding body, in its own words.

    `country` is two letters of ISO 3166-1, `eqf_level` a level of the European Qualifications Framework.
    """

    name: Text
    country: Country
    url: Address
    quality_assurance: Text
    participation: Literal["online", "onsite", "blended"]
    supervision: Text = "Unsupervised, without verification of identity"
    eqf_level: Annotated[int, Field(ge=1, le=8)] | None = None
