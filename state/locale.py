"""The language of this browser."""

import reflex as rx

from chatrigo.i18n import DEFAULT, known


class LocaleState(rx.State):
    """Kept in the browser; every visible text follows it."""

    locale: str = rx.LocalStorage(DEFAULT, name="chatrigo_locale", sync=True)

    @rx.var
    def is_english(self) -> bool:
        return self.locale == "en"

    @rx.event
    def choose(self, locale: str) -> rx.event.EventSpec:
        self.locale = known(str(locale))
        return rx.call_script(f"document.documentElement.lang = '{self.locale}'")
