"""`manage.py evaluate`: a design file in, its evaluation as JSON out."""

import json

from analysis.console import DesignCommand
from engine.evaluation import Evaluation


class Command(DesignCommand):
    """Prints the evaluation of a design as one JSON object."""

    help = "Evaluate a design file and print the result as JSON."

    def report(self, evaluation: Evaluation) -> int:
        """The whole result on stdout."""
        self.stdout.write(json.dumps(evaluation.to_json(), allow_nan=False))
        return 0
