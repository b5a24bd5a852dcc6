"""What a view here may count on: somebody is signed in, and the frame of the page can be told."""

from uuid import UUID

from django.http import HttpRequest

from clusters.models import User


class UserRequest(HttpRequest):
    """A request behind the login; `menu_place` names the entry of the menu that is current.

    `menu_waiting` says of entries what the view has counted already.
    """

    user: User
    menu_place: str
    menu_waiting: dict[str, int]


def entry_key(request: HttpRequest) -> UUID | None:
    """Return the key that the form of a new row carries, if that is what it sent."""
    try:
        return UUID(request.POST.get("entry_key", ""))
    except ValueError:
        return None
