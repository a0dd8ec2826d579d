"""The design file: what the import reads back."""

from reports.bundle import Bundle


def write(bundle: Bundle) -> bytes:
    """The design at the bundle's revision with the records it uses."""
    return bundle.design_file.encode()
