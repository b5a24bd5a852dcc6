"""What a view here may count on: somebody is signed in, and the frame of the page can be told."""

from django.http import HttpRequest

from clusters.models import User


class UserRequest(HttpRequest):
    """A request behind the login; `menu_place` names the entry of the menu that is current.

    `menu_waiting` says of entries what the view has counted already.
    """

    user: User
    menu_place: str
    menu_waiting: dict[str, int]
