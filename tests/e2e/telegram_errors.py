"""What Telegram says when it does not carry out a call."""

import json
from http import HTTPStatus


class RefusedError(Exception):
    """A call Telegram does not carry out.

    Attributes:
        code: the error code of the answer.
        description: the description of the answer.
        retry_after: the seconds to wait before the next try; 0 if that is not the problem.
    """

    def __init__(self, problem: str, code: int = 400, retry_after: int = 0) -> None:
        self.code = code
        self.description = f"{HTTPStatus(code).phrase}: {problem}"
        self.retry_after = retry_after
        super().__init__(self.description)


def too_many_requests(seconds: int) -> RefusedError:
    """The error of a bot that has to wait so many seconds."""
    return RefusedError(f"retry after {seconds}", 429, seconds)


def error_body(status: int, description: str = "", retry_after: int = 0) -> str:
    """The body of an answer that tells of an error; without a description, in the words of HTTP."""
    if status == 429:
        refused = too_many_requests(retry_after or 1)
        parameters = {"retry_after": refused.retry_after}
        return json.dumps(_error(status, refused.description) | {"parameters": parameters})
    return json.dumps(_error(status, description or HTTPStatus(status).phrase))


def _error(status: int, description: str) -> dict[str, object]:
    return {"ok": False, "error_code": status, "description": description}
