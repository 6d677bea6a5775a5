"""What the middlewares make of a request, for the views that need a logged-in person."""

from django.http import HttpRequest

from accounts.models import Organisation, User


class MemberRequest(HttpRequest):
    """A request of a logged-in person; `organisation` is the active one, None without any."""

    user: User
    organisation: Organisation | None
    organisations: list[Organisation]
