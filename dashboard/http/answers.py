"""Answers of the API that have no words of their own."""

from flask import Response


def empty(status: int = 200) -> Response:
    """Done, and nothing to tell."""
    response = Response(status=status)
    del response.headers["Content-Type"]
    return response
