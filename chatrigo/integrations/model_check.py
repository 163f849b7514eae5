"""Whether the model of the settings answers at all."""

import openai

from chatrigo.config import settings

SECONDS = 5


async def check() -> str:
    """`none` (not set), `ok`, `refused` (its key is wrong) or `silent`."""
    if not settings.has_model:
        return "none"
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
    async with openai.AsyncOpenAI(
        base_url=settings.openai_base_url, api_key=key, timeout=SECONDS, max_retries=0
    ) as client:
        try:
            await client.models.list()
        except openai.AuthenticationError:
            return "refused"
        except openai.APIStatusError:
            return "ok"  # it answers, though it does not list its models
        except openai.OpenAIError:
            return "silent"
    return "ok"
