import reflex as rx

from chatrigo.config import settings
from chatrigo.serving.same_origin import SameOrigin
from components.tailwind import TAILWIND

config = rx.Config(
    app_name="chatrigo",
    cors_allowed_origins=settings.allowed_origins,
    state_manager_mode="redis" if settings.redis_url else "memory",
    redis_url=settings.redis_url.get_secret_value() if settings.redis_url else None,
    default_color_mode="system",
    show_built_with_reflex=False,
    telemetry_enabled=False,
    plugins=[rx.plugins.TailwindV4Plugin(TAILWIND), rx.plugins.SitemapPlugin(), SameOrigin()],
)
