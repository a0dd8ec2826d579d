"""Writes the shipped samples from their plans."""

import json

from layouts.samples import FOLDER
from layouts.samples.hall import hall
from layouts.samples.pod import pod

for name, content in (("pod", pod()), ("hall", hall())):
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")
