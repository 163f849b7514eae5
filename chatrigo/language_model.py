"""Which model is asked: how the domain and those who ask name one."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from chatrigo.config import settings

OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Model:
    """
    A model at an endpoint.

    `own` is a business's own choice: its address is somebody else's, and is guarded. `sees` is
    whether it reads pictures. Prices are rupiah for a million tokens; 0 is not known.
    """

    name: str
    base_url: str = ""
    key: str = field(default="", repr=False)
    own: bool = False
    sees: bool = False
    input_rupiah: int = 0
    output_rupiah: int = 0

    @property
    def endpoint(self) -> str:
        return self.base_url or OPENAI

    @property
    def host(self) -> str:
        """Where it is, for people: never the whole address, which may hold a secret."""
        return (urlsplit(self.endpoint).hostname or "")[:120]

    @property
    def prices(self) -> tuple[int, int]:
        return self.input_rupiah, self.output_rupiah


@dataclass(frozen=True, slots=True)
class Models:
    """Those of a business: the one that answers, and the one that does when that fails."""

    first: Model | None = None
    second: Model | None = None

    @property
    def any(self) -> bool:
        return self.first is not None

    @property
    def see(self) -> bool:
        return any(model is not None and model.sees for model in (self.first, self.second))


NO_MODEL = Models()


def platform() -> Models:
    """What the settings say: for every business that has chosen nothing else."""
    if not settings.chatrigo_model:
        return NO_MODEL
    first = Model(
        settings.chatrigo_model,
        settings.openai_base_url or "",
        settings.openai_api_key.get_secret_value() if settings.openai_api_key else "",
        sees=settings.model_sees,
        input_rupiah=settings.llm_input_rupiah,
        output_rupiah=settings.llm_output_rupiah,
    )
    if not settings.fallback_model:
        return Models(first)
    elsewhere = settings.fallback_base_url
    key = settings.fallback_api_key
    second = Model(
        settings.fallback_model,
        elsewhere or first.base_url,
        key.get_secret_value() if key else ("" if elsewhere else first.key),
        sees=settings.fallback_sees,
        input_rupiah=settings.fallback_input_rupiah,
        output_rupiah=settings.fallback_output_rupiah,
    )
    return Models(first, second)
