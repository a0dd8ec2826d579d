"""What can be wrong with a network of pipes; each error names the element and the remedy."""

from engine.errors import Invalid


class NetworkInvalid(Invalid):
    """A pipe, valve, pump or node has figures that no such thing can have."""

    code = "network-invalid"
    title = "The pipe network has impossible figures"


class NothingDrives(Invalid):
    """A part of the network has neither a pump nor a pressure difference nor a demand."""

    code = "nothing-drives-flow"
    title = "Nothing drives the flow"


class Disconnected(Invalid):
    """A node hangs on nothing whose pressure is known."""

    code = "node-disconnected"
    title = "A node is not connected"


class NotConverged(Invalid):
    """The flows of a network do not settle."""

    code = "flows-not-converged"
    title = "The flows do not settle"


class NoBore(Invalid):
    """No bore of the series carries the flow within the limits."""

    code = "no-bore-fits"
    title = "No pipe is large enough"
