"""The language of this browser."""

from typing import Any

import reflex as rx

from chatrigo.i18n import DEFAULT, known, translate


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


async def spoken(state: rx.State, key: str, **values: Any) -> str:
    """The text of `key` in the language of the tab, for what is said once: a toast, a refusal."""
    locale = (await state.get_state(LocaleState)).locale
    return translate(key, locale, **values)
