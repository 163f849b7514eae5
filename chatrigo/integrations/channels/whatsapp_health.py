"""How a WhatsApp number is, asked of Meta."""

from typing import Any

from chatrigo.integrations.channels import graph
from chatrigo.integrations.channels.graph import Refusal, Silence
from chatrigo.integrations.channels.port import Account, Health, SendFailed
from chatrigo.integrations.channels.whatsapp_errors import from_refusal

STEPS = ("token", "number", "webhook", "quality", "limits")
FIELDS = (
    "display_phone_number,verified_name,quality_rating,status,throughput,"
    "whatsapp_business_manager_messaging_limit"
)
ABOUT = {
    "number": "display_phone_number",
    "name": "verified_name",
    "quality": "quality_rating",
    "status": "status",
    "limit": "whatsapp_business_manager_messaging_limit",
}
FLAGGED = ("FLAGGED", "RESTRICTED", "BANNED", "RATE_LIMITED", "DISCONNECTED")


async def check(account: Account) -> Health:
    """Never raises: what can't be asked is a step that fails."""
    steps = dict.fromkeys(STEPS, "")
    token = account.secrets.get("access_token", "")
    try:
        number = await graph.get(token, _id(account.external_id), fields=FIELDS)
    except (Refusal, Silence) as problem:
        return Health(_told(steps, problem, "number"))
    about = {name: str(number[field])[:120] for name, field in ABOUT.items() if number.get(field)}
    about["external_id"] = str(number.get("id") or account.external_id)
    _judge(steps, number)
    try:
        apps = await graph.get(
            token, f"{_id(str(account.settings.get('waba_id', '')))}/subscribed_apps"
        )
    except (Refusal, Silence) as problem:
        return Health(_told(steps, problem, "webhook"), about)
    if not apps.get("data"):
        steps["webhook"] = "channels_whatsapp.check_not_subscribed"
    return Health(steps, about)


def _judge(steps: dict[str, str], number: dict[str, Any]) -> None:
    if number.get("quality_rating") == "RED":
        steps["quality"] = "channels_whatsapp.check_quality_red"
    if number.get("status") in FLAGGED:
        steps["limits"] = "channels_whatsapp.check_limited"


def _told(steps: dict[str, str], problem: Refusal | Silence, asked: str) -> dict[str, str]:
    """The step that fails: the token's, if that is at fault, else the one that was asked for."""
    if isinstance(problem, Silence):
        return {**steps, "token": "channels_whatsapp.failed_unreachable"}
    if problem.code == 100:
        return {**steps, asked: f"channels_whatsapp.check_{asked}_unknown"}
    failure: SendFailed = from_refusal(problem)
    if failure.advice == "unknown":
        return {**steps, "token": "channels_whatsapp.failed_meta"}
    return {**steps, "token" if failure.advice == "auth" else asked: failure.key}


def _id(value: str) -> str:
    """Meta has no object "0": a missing or crooked id is answered as an unknown one."""
    return value if value.isascii() and value.isalnum() else "0"
