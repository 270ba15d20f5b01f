"""What a learner's cells gave, in a notebook's plain form and up to a size, whatever their process sent.

It stands in the checker: what is nested a thousand deep or larger than a message ends neither the checker
nor the marking, and costs nothing but itself.
"""

import json
from typing import Any

from pmcampus.kernels.shell import Output, error

MOST_BYTES = 20_000_000  # of one notebook; well below what the channel carries
MOST_OUTPUTS = 10_000
TOO_MUCH = "The cells together gave more than 20 MB of output; the rest was left out."
UNREADABLE: Output = {
    "output_type": "stream",
    "name": "stderr",
    "text": "An output of this cell could not be read.\n",
}


class Room:
    """The room that is left for the outputs of one notebook."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.left = most

    def take(self, outputs: list[Any]) -> list[Output]:
        """One cell's outputs, without those for which there is no room; then a sentence says so."""
        kept: list[Output] = []
        for output in outputs[:MOST_OUTPUTS]:
            made = plain(output)
            size = len(json.dumps(made))
            if size > self.left:
                break
            self.left -= size
            kept.append(made)
        if len(kept) < len(outputs):
            kept.append(error("TooMuchOutput", TOO_MUCH, []))
        return kept


def plain(output: Any) -> Output:
    """An output of one of a notebook's four kinds, texts only; what has another form becomes a text about it.

    An output's metadata are left out: nobody needs them here, and they can hold anything.
    """
    try:
        kind = output["output_type"]
        if kind in ("execute_result", "display_data"):
            data = {str(name): str(form) for name, form in dict(output["data"]).items()}
            return {"output_type": kind, "data": data, "metadata": {}}
        if kind == "stream" and output["name"] in ("stdout", "stderr"):
            return {"output_type": kind, "name": output["name"], "text": str(output["text"])}
        if kind == "error":
            return error(str(output["ename"]), str(output["evalue"]), [str(s) for s in output["traceback"]])
    except (KeyError, RecursionError, TypeError, ValueError):
        pass
    return UNREADABLE
