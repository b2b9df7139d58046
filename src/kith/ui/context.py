from django.http import HttpRequest


def county(request: HttpRequest) -> dict[str, object]:
    return {}
