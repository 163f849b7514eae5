"""
What each error of the WhatsApp Cloud API means for us, by its number.

The same numbers come in the answer to a message and later in its status. Decided on the number
alone: titles change. The sentences are `channels_whatsapp.failed_<word>`.
"""

from typing import Any

from chatrigo.integrations.channels.graph import Refusal, Silence
from chatrigo.integrations.channels.port import Advice, SendFailed

# number -> (what to do, the sentence's word, seconds to wait)
TABLE: dict[int, tuple[Advice, str, float]] = {
    0: ("auth", "token", 0),
    190: ("auth", "token", 0),
    3: ("auth", "permission", 0),
    10: ("auth", "permission", 0),
    **dict.fromkeys(range(200, 300), ("auth", "permission", 0)),
    131005: ("auth", "permission", 0),
    1: ("retry", "meta", 0),
    2: ("retry", "meta", 0),
    131000: ("retry", "meta", 0),
    131016: ("retry", "meta", 0),
    133004: ("retry", "meta", 0),
    4: ("wait", "busy", 60),
    80007: ("wait", "busy", 60),
    130429: ("wait", "busy", 5),
    131056: ("wait", "pair", 6),
    131048: ("account", "spam", 0),
    131049: ("refused", "withheld", 0),
    130472: ("refused", "experiment", 0),
    131047: ("window", "window", 0),
    131026: ("person", "person", 0),
    131030: ("refused", "test_number", 0),
    131051: ("refused", "kind", 0),
    131052: ("refused", "download", 0),
    131053: ("refused", "upload", 0),
    131021: ("refused", "itself", 0),
    100: ("refused", "wrong", 0),
    131008: ("refused", "wrong", 0),
    131009: ("refused", "wrong", 0),
    132000: ("refused", "template_count", 0),
    132001: ("refused", "template_missing", 0),
    132005: ("refused", "template_long", 0),
    132007: ("refused", "template_policy", 0),
    132012: ("refused", "template_format", 0),
    132015: ("refused", "template_paused", 0),
    132016: ("refused", "template_disabled", 0),
    131042: ("account", "payment", 0),
    131045: ("account", "registration", 0),
    133006: ("account", "registration", 0),
    133010: ("account", "registration", 0),
    368: ("account", "restricted", 0),
    131031: ("account", "restricted", 0),
    131055: ("refused", "method", 0),
    131062: ("refused", "username", 0),
    131063: ("person", "country", 0),
    134101: ("wait", "template_syncing", 600),
    134102: ("refused", "template_unavailable", 0),
}
BAD_UPLOAD = 131053


def failed(
    advice: Advice, word: str, code: int | str = "", retry_after: float = 0, details: str = ""
) -> SendFailed:
    return SendFailed(
        advice,
        f"channels_whatsapp.failed_{word}",
        code=str(code),
        retry_after=retry_after,
        details=details,
    )


def from_status(errors: Any) -> SendFailed:
    """What `statuses[].errors` says."""
    first = errors[0] if isinstance(errors, list) and errors else {}
    if not isinstance(first, dict):
        first = {}
    try:
        code = int(first.get("code", -1))
    except (TypeError, ValueError, OverflowError):
        code = -1
    more = first.get("error_data")
    details = more.get("details") if isinstance(more, dict) else first.get("message")
    advice, word, wait = TABLE.get(code, ("refused", "other", 0))
    return failed(advice, word, code if code >= 0 else "", wait, str(details or "")[:300])


def from_refusal(refusal: Refusal) -> SendFailed:
    """What a refused call says."""
    if not refusal.from_meta:
        return _from_a_bare_status(refusal)
    advice, word, wait = TABLE.get(refusal.code) or _unknown(refusal)
    return failed(
        advice,
        word,
        refusal.code,
        max(wait, refusal.retry_after) if advice == "wait" else 0,
        refusal.details or refusal.message,
    )


def from_silence(silence: Silence) -> SendFailed:
    """A message that may have been read may have gone out; one that found no server has not."""
    return failed("unknown", "unknown") if silence.reached else failed("retry", "unreachable")


def _unknown(refusal: Refusal) -> tuple[Advice, str, float]:
    if refusal.status == 429:
        return "wait", "busy", 60
    if refusal.transient or refusal.status >= 500:
        return "retry", "meta", 0
    if refusal.status in (401, 403):
        return "auth", "token" if refusal.status == 401 else "permission", 0
    return "refused", "other", 0


def _from_a_bare_status(refusal: Refusal) -> SendFailed:
    """A gateway's word instead of Meta's: behind a 5xx the message may have gone out."""
    if refusal.status == 429:
        return failed("wait", "busy", 429, max(60, refusal.retry_after))
    if refusal.status == 401:
        return failed("auth", "token", 401)
    if refusal.status >= 500:
        return failed("unknown", "unknown", refusal.status)
    return failed("refused", "other", refusal.status or "")
