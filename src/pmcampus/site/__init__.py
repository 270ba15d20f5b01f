"""The whole site: `build` makes its parts in order, and leaves those whose inputs did not change."""

from pmcampus.site.building import Built, build

__all__ = ["Built", "build"]
