"""Sample designs on real figures: one pod, one hall, one campus.

The pod and the hall are shipped as design files, the campus is made when it is asked for.
`python -m layouts.samples` writes the shipped files anew.
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SHIPPED = ("pod", "hall")
SAMPLES = (*SHIPPED, "campus")


def sample_file(name: str) -> dict[str, Any]:
    """The design file of a sample.

    Raises
    ------
    KeyError
        If there is no such sample.
    """
    if name == "campus":
        from layouts.samples.campus import campus

        return campus(gw=1.0)
    if name not in SHIPPED:
        raise KeyError(name)
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return content
