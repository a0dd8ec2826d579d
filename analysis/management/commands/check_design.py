"""`manage.py check_design`: the findings of a design, and an exit code for a pipeline."""

from analysis.console import DesignCommand
from engine.evaluation import Evaluation
from engine.findings import SEVERITIES, Finding

BLOCKED = 1


class Command(DesignCommand):
    """Prints the findings of a design; exits 1 when one of them blocks it."""

    help = "Check a design file; exit 1 on a blocking finding that nobody waived."

    def report(self, evaluation: Evaluation) -> int:
        """One line per finding, the gravest first, and a line that counts them."""
        tags = dict(zip(evaluation.elements.racks.id, evaluation.elements.racks.tag, strict=True))
        for severity in SEVERITIES:
            for finding in evaluation.findings:
                if finding.severity == severity:
                    self.stdout.write(_line(finding, tags))
        blocking = sum(finding.is_blocking for finding in evaluation.findings)
        total = len(evaluation.findings)
        self.stdout.write(f"{total} finding{'' if total == 1 else 's'}, {blocking} blocking.")
        return BLOCKED if blocking else 0


def _line(finding: Finding, tags: dict[str, str]) -> str:
    where = ", ".join(tags.get(id_, id_) for id_ in finding.element_ids[:4])
    more = len(finding.element_ids) - 4
    where += f" and {more} more" if more > 0 else ""
    waived = " (waived)" if finding.waiver and finding.waiver.in_force else ""
    return f"{finding.severity}{waived} {finding.rule}: {finding.detail} [{where}]"
