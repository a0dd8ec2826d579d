"""Files and long answers leave piece by piece, also under ASGI."""

import io
import warnings

import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import AsyncRequestFactory, RequestFactory

from planner.middleware import StreamMiddleware

LINES = [f"{n}\n".encode() for n in range(1000)]


async def body_of(answer):
    return [part async for part in answer]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: StreamingHttpResponse(iter(LINES)),
        lambda: FileResponse(io.BytesIO(b"".join(LINES)), filename="trail.csv"),
    ],
    ids=["lines", "file"],
)
async def test_an_answer_is_sent_in_pieces_without_being_read_whole(answer):
    middleware = StreamMiddleware(lambda _: answer())

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pieces = await body_of(middleware(AsyncRequestFactory().get("/")))

    assert b"".join(pieces) == b"".join(LINES)


async def test_what_is_not_asked_for_is_not_read():
    read = []
    answer = StreamingHttpResponse(read.append(line) or line for line in LINES)

    pieces = aiter(StreamMiddleware(lambda _: answer)(AsyncRequestFactory().get("/")))
    await anext(pieces)

    assert 0 < len(read) < len(LINES)


def test_other_servers_get_the_answer_as_it_is():
    answer = StreamMiddleware(lambda _: StreamingHttpResponse(iter(LINES)))(
        RequestFactory().get("/")
    )

    assert b"".join(answer) == b"".join(LINES)
