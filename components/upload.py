"""A place to drop files on; assets/upload.js sends them and draws their progress."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t


def drop_zone(
    url: str, *, into: str, most: int, accept: str, title: Any, text: Any, many: bool = True
) -> rx.Component:
    """
    Choose or drop files to be POSTed to `url`. Progress appears in `uploads(into)`; `most` is in
    bytes.
    """
    return rx.el.label(
        rx.icon("upload", size=22, class_name="text-accent-ink"),
        rx.el.span(title, class_name="font-semibold text-ink"),
        rx.el.span(text, class_name="text-small text-muted"),
        rx.el.input(type="file", accept=accept, multiple=many, class_name="sr-only"),
        data_upload=url,
        data_into=into,
        data_most=str(most),
        data_uploading=t("sources.uploading"),
        data_failed=t("sources.upload_failed"),
        data_big=t("sources.upload_big", limit=most // (1024 * 1024)),
        data_dismiss=t("sources.upload_dismiss"),
        class_name="flex min-h-32 cursor-pointer flex-col items-center justify-center gap-1.5 "
        "rounded-card border-2 border-dashed border-strong bg-surface p-5 text-center "
        "hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent "
        "data-[over]:border-accent data-[over]:bg-accent-soft",
    )


def uploads(id_: str, class_name: str = "") -> rx.Component:
    """Where the lines of `drop_zone` appear."""
    return rx.el.ul(
        id=id_,
        aria_live="polite",
        class_name=ui.classes("flex flex-col gap-2 empty:hidden", class_name),
    )
