"""What no page of ours sends, sent to the forms about a document: words, never an error of ours."""

import pytest

from coalitions.documents.models import Document
from tests.documents.conftest import World
from tests.documents.pages import client_of, page_of

HUGE = "9" * 30


@pytest.mark.parametrize(
    "sent",
    [
        {"articles": "0012" + HUGE},
        {"articles": "12, " + HUGE},
        {"countries": HUGE},
        {"countries": ["1", "2147483648"]},
        {"themes": HUGE},
        {"themes": "-" + HUGE},
        {"themes": "9_9" + HUGE},
        {"countries": "NL"},
        {"type": HUGE},
        {"programme": HUGE},
        {"title": "\x01\x02"},
        {"title": "\u200b\u202e"},
    ],
)
def test_details_that_cannot_be(world: World, document: Document, sent: dict[str, object]) -> None:
    client = client_of(world.contributor)
    address = page_of(document, "edit/")
    answer = client.post(address, {"title": "Kept", "language": "en", **sent})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == sent.keys()
