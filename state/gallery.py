"""What the gallery's controls remember."""

from dataclasses import dataclass

import reflex as rx


@dataclass(frozen=True, slots=True)
class SampleRow:
    name: str
    phone: str
    status: str
    color: str


SAMPLES = [
    SampleRow("Rina Wulandari", "0812-3456-7890", "VIP", "teal"),
    SampleRow("Budi Santoso", "0856-1111-2222", "Grosir", "amber"),
    SampleRow("Sari 🌸 Dewi", "0813-9000-1234", "Komplain", "red"),
]


class GalleryState(rx.State):
    """Nothing here is kept or touches the database."""

    tab: str = "all"
    query: str = ""
    on: bool = True
    rows: list[SampleRow] = SAMPLES
    code: str = ""

    @rx.event
    def show(self, tab: str) -> None:
        self.tab = str(tab)

    @rx.event
    def search(self, query: str) -> None:
        self.query = str(query)

    @rx.event
    def clear(self) -> None:
        self.query = ""

    @rx.event
    def turn(self, on: bool) -> None:
        self.on = bool(on)

    @rx.event
    def check(self, form: dict) -> None:
        self.code = str(form.get("code", ""))
