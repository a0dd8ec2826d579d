"""Names and passwords that can be used, or every reason why not."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.errors import AccountInvalid
from accounts.models import User


def named(name: str) -> User:
    """A person under a name, not kept yet.

    Raises
    ------
    AccountInvalid
        If the name cannot be used.
    """
    user = User(username=User.normalize_username(" ".join(name.split())))
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise _refused("name", error) from error
    return user


def choose_password(user: User, password: str) -> None:
    """Set a person's password, not kept yet.

    Raises
    ------
    AccountInvalid
        If the password cannot be used.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise _refused("password", error) from error
    user.set_password(password)


def _refused(path: str, error: ValidationError) -> AccountInvalid:
    return AccountInvalid(
        " ".join(error.messages),
        errors=[{"path": path, "message": message} for message in error.messages],
    )
