"""What can go wrong in the catalogue."""

from engine.errors import Invalid, NotFound


class CatalogInvalid(Invalid):
    """A record lacks what makes a figure trustworthy, or says something impossible."""

    code = "catalog-invalid"
    title = "The catalogue record is not valid"


class ProductNotFound(NotFound):
    """No shipped record has this id."""

    code = "product-not-found"
    title = "No such product"
