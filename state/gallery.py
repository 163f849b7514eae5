"""What the gallery's controls remember."""

from dataclasses import dataclass
from typing import Any

import reflex as rx


@dataclass(frozen=True, slots=True)
class SampleRow:
    name: str
    phone: str
    label: str
    color: str


SAMPLES = [
    SampleRow("Rina Wulandari", "0812-3456-7890", "VIP", "violet"),
    SampleRow("Budi Santoso", "0856-1111-2222", "Grosir", "amber"),
    SampleRow("Sari 🌸 Dewi Kusumaningrum Prameswari", "0813-9000-1234", "Komplain", "red"),
]


class GalleryState(rx.State):
    """Samples only: nothing here is kept or touches the database."""

    tab: str = "all"
    query: str = ""
    answers: bool = True
    broken: bool = False
    code: str = ""
    rows: list[SampleRow] = SAMPLES

    @rx.event
    def show(self, tab: str) -> None:
        self.tab = str(tab)

    @rx.event
    def search(self, query: str) -> None:
        self.query = str(query)

    @rx.event
    def clear_search(self) -> None:
        self.query = ""

    @rx.event
    def set_answers(self, answers: bool) -> None:
        self.answers = bool(answers)

    @rx.event
    def check_code(self, form: dict[str, Any]) -> None:
        self.code = str(dict(form).get("code", ""))

    @rx.event
    def break_screen(self) -> None:
        self.broken = True
