"""How the words of messages are stored, so that a stretch of messages can be asked for each.

A word is stored with its account and its slice, a stretch of message ids; beside the words stands the inbox.
"""

from collections.abc import Iterable

SLICE_BITS = 15  # 32,768 ids make a slice


def slice_of(message_id: int) -> int:
    return message_id >> SLICE_BITS


def word_term(word: str, account: int | str, piece: int | str) -> str:
    return f"{account}.{piece}.{word}"


def inbox_term(inbox: int | str, piece: int | str) -> str:
    return f"{piece}..{inbox}"


def stored_words(words: Iterable[str], *, message_id: int, account: int | str, inbox: int | str) -> str:
    """Everything that a message can be found by, as both databases take it."""
    piece = slice_of(message_id)
    return " ".join([*(word_term(word, account, piece) for word in words), inbox_term(inbox, piece)])
