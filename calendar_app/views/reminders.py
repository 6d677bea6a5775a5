from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


def index(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def preferences(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def mail(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse()


@login_not_required
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse()
