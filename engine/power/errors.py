"""What can be wrong with a feeder."""

from engine.errors import Invalid, OutOfRange


class VoltageCollapse(OutOfRange):
    """The load is more than the feeder can carry at any voltage."""

    code = "voltage-collapse"
    title = "The voltage collapses"


class CyclicFeeder(Invalid):
    """A bus is among the buses that feed it."""

    code = "cyclic-feeder"
    title = "The feeder runs in a circle"


class NegativeImpedance(Invalid):
    """A branch has a negative resistance or reactance."""

    code = "negative-impedance"
    title = "A branch has a negative impedance"
