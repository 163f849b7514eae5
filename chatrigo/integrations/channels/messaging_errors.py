"""What each error of Messenger and Instagram means for us, by its number; as for WhatsApp."""

from chatrigo.integrations.channels.graph import Refusal
from chatrigo.integrations.channels.port import Advice, SendFailed

# number -> (what to do, the sentence's word, seconds to wait)
TABLE: dict[int, tuple[Advice, str, float]] = {
    0: ("auth", "token", 0),
    190: ("auth", "token", 0),
    102: ("auth", "token", 0),
    3: ("auth", "permission", 0),
    10: ("refused", "owner", 0),
    **dict.fromkeys(range(200, 300), ("auth", "permission", 0)),
    1: ("retry", "meta", 0),
    2: ("retry", "meta", 0),
    1200: ("retry", "meta", 0),
    4: ("wait", "busy", 60),
    32: ("wait", "busy", 60),
    613: ("wait", "busy", 60),
    80006: ("wait", "busy", 60),
    551: ("person", "person", 0),
    368: ("account", "restricted", 0),
    100: ("refused", "refused", 0),
}
# Some numbers mean several things, told apart by a second one.
WINDOW = frozenset({2018278, 2534022})
NOBODY = frozenset({2018001, 2018108, 1545041})


def failed(
    advice: Advice, word: str, code: int | str = "", retry_after: float = 0, details: str = ""
) -> SendFailed:
    key = f"channels_messenger.failed_{word}"
    return SendFailed(advice, key, code=str(code), retry_after=retry_after, details=details)


def is_window(refusal: Refusal) -> bool:
    outside = refusal.code == 10 and "outside" in refusal.message.lower()
    return outside or refusal.subcode in WINDOW


def from_refusal(refusal: Refusal) -> SendFailed:
    advice, word, wait = _meaning(refusal)
    code = refusal.code if refusal.from_meta else refusal.status
    wait = max(wait, refusal.retry_after) if advice == "wait" else 0
    return failed(advice, word, code, wait, refusal.details or refusal.message)


def _meaning(refusal: Refusal) -> tuple[Advice, str, float]:
    if not refusal.from_meta:
        return _of_a_bare_status(refusal.status)
    if is_window(refusal):
        return "window", "window", 0
    if refusal.subcode in NOBODY:
        return "person", "person", 0
    if found := TABLE.get(refusal.code):
        return found
    if refusal.status == 429:
        return "wait", "busy", 60
    if refusal.transient or refusal.status >= 500:
        return "retry", "meta", 0
    return "refused", "refused", 0


def _of_a_bare_status(status: int) -> tuple[Advice, str, float]:
    """A gateway's word instead of Meta's: behind a 5xx the message may have gone out."""
    if status == 429:
        return "wait", "busy", 60
    if status == 401:
        return "auth", "token", 0
    if status >= 500:
        return "unknown", "silent", 0
    return "refused", "refused", 0
