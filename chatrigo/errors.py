"""
What can go wrong, as the person using the app should hear it.

* ChatrigoError            shown in the person's language; never logged as a crash
  x SignedOut              sent to the sign-in page             HTTP 401
  x Forbidden              not for this role                    HTTP 403
  x ConfirmItsYou          prove again who you are, then repeat HTTP 403
  x Suspended              our operators closed the business    HTTP 403
  x NotFound               absent, or another business's        HTTP 404
  x Invalid                the person can mend it               HTTP 422
  x LimitReached           come back in `retry_after` seconds   HTTP 429
  x Unavailable            something outside failed             HTTP 503

The message is a catalogue key with values (`chatrigo/i18n`), never a sentence.
"""

from typing import Any, Self


class ChatrigoError(Exception):
    """A refusal that is safe to show."""

    status = 400

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
        self.keeps = False

    def keeping(self) -> Self:
        """
        Refuse, and yet commit what the transaction has written so far.

        For what must count although it failed: a wrong code, a wrong password.
        """
        self.keeps = True
        return self


class SignedOut(ChatrigoError):
    status = 401

    def __init__(self, key: str = "errors.signed_out", **values: Any) -> None:
        super().__init__(key, **values)


class Forbidden(ChatrigoError):
    status = 403

    def __init__(self, key: str = "errors.forbidden", **values: Any) -> None:
        super().__init__(key, **values)


class ConfirmItsYou(Forbidden):
    """
    The act is this person's, once they have just proved who they are.

    `refused` is the event that may run again then, with its `arguments`; empty if none is known.
    """

    def __init__(self, key: str = "errors.confirm_its_you", **values: Any) -> None:
        super().__init__(key, **values)
        self.refused = ""
        self.arguments: dict[str, Any] = {}


class Suspended(Forbidden):
    """The business is closed for the time being: its people see why, and nothing else."""

    def __init__(self, key: str = "errors.suspended", **values: Any) -> None:
        super().__init__(key, **values)


class NotFound(ChatrigoError):
    status = 404

    def __init__(self, key: str = "errors.not_found", **values: Any) -> None:
        super().__init__(key, **values)


class Invalid(ChatrigoError):
    status = 422


class LimitReached(ChatrigoError):
    """`retry_after` is in whole seconds, at least 1."""

    status = 429

    def __init__(self, key: str = "errors.too_many", retry_after: int = 1, **values: Any) -> None:
        super().__init__(key, seconds=max(1, retry_after), **values)
        self.retry_after = max(1, retry_after)


class Unavailable(ChatrigoError):
    status = 503
