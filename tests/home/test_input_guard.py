"""Characters that no database takes, wherever a browser can put them."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from portal.home.middleware import InputGuardMiddleware


def test_a_cookie_that_cannot_be_a_key_is_left_out() -> None:
    seen: dict[str, str] = {}

    def answer(request: HttpRequest) -> HttpResponse:
        seen.update(request.COOKIES)
        return HttpResponse()

    request = RequestFactory().get("/en/")
    # Cookies may write any byte as an octal number.
    request.META["HTTP_COOKIE"] = 'sessionid="\\000aaaaaaaaaaaaaaaa"; csrftoken=kept'
    assert InputGuardMiddleware(answer)(request).status_code == 200
    assert seen == {"csrftoken": "kept"}
