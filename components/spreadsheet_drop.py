"""Where a spreadsheet is dropped or chosen, in every import dialog."""

from typing import Any

import reflex as rx

from components.ui.words import Words

CSV = {"text/csv": [".csv"], "application/vnd.ms-excel": [".csv"], "text/plain": [".csv"]}
XLSX = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [".xlsx"]}


def spreadsheet_drop(
    id_: str,
    label: Words,
    *,
    kinds: dict[str, list[str]],
    most: int,
    on_file: Any,
    on_rejected: Any,
) -> rx.Component:
    """One file of `kinds` (CSV, XLSX), of at most `most` bytes; `on_file` is a state's handler."""
    return rx.upload.root(
        rx.el.span(
            rx.icon("upload", size=22),
            label,
            class_name="flex flex-col items-center gap-2 font-semibold",
        ),
        id=id_,
        accept=kinds,
        max_files=1,
        max_size=most,
        multiple=False,
        on_drop=on_file(rx.upload_files(upload_id=id_)),
        on_drop_rejected=on_rejected,
        class_name="grid min-h-36 cursor-pointer place-items-center rounded-card border-2 "
        "border-dashed border-strong p-6 text-center text-muted hover:bg-hover hover:text-ink",
    )
