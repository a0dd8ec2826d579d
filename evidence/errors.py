"""What can go wrong with an audit bundle."""

from engine.errors import Invalid


class BundleInvalid(Invalid):
    """A file is no audit bundle, or one that was touched; `errors` lists what is wrong."""

    code = "bundle-invalid"
    title = "This is no whole audit bundle"
