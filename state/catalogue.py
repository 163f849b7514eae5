"""What the business sells: the list, the form, files in and out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import reflex as rx

from chatrigo import db
from chatrigo.domain.catalogue import products, spreadsheet
from chatrigo.domain.catalogue.products import ProductCounts, ProductPage
from chatrigo.domain.catalogue.rows import MAX_VARIANTS, ProductRow
from chatrigo.domain.catalogue.spreadsheet import Line, Preview
from chatrigo.domain.catalogue.table_file import MAX_BYTES
from chatrigo.errors import Invalid, NotFound, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.locale import spoken
from state.session import Signed, download

PREVIEW_ROWS = 50
FORM, DELETE, IMPORT = "product-form", "product-delete", "catalogue-import"
OF_VARIANT = ("name", "price", "stock", "sku", "weight")


@dataclass(frozen=True, slots=True)
class VariantFields:
    """A variant as the form opened with it; `key` names its fields in the form."""

    key: str = "1"
    id: int = 0
    name: str = ""
    price: str = ""
    stock: str = ""
    sku: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class ProductForm:
    """The form as it opened. `id` is 0 for something new; `version` makes each opening a new form."""

    version: int = 0
    id: int = 0
    name: str = ""
    category: str = ""
    description: str = ""
    sku: str = ""
    active: bool = True
    variants: list[VariantFields] = field(default_factory=lambda: [VariantFields()])


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a file, and what is wrong with it in the language of the tab."""

    line: int
    product: str
    variant: str
    price: str
    act: str
    problem: str


class CatalogueState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False

    rows: list[ProductRow] = []
    counts: ProductCounts = ProductCounts()
    found: int = 0
    page: int = 1
    pages: int = 1
    view: str = "all"
    query: str = ""
    chosen: list[int] = []

    form: ProductForm = ProductForm()
    name_error: str = ""
    error: str = ""
    saving: bool = False

    deleting_id: int = 0
    deleting_name: str = ""

    import_rows: list[LineRow] = []
    import_ready: int = 0
    import_skipped: int = 0
    import_added: int = 0
    import_changed: int = 0
    import_more: int = 0
    import_error: str = ""
    importing: bool = False

    _asked_for: str = ""
    _file: bytes = b""

    @rx.event(background=True)
    async def follow(self) -> AsyncIterator[rx.event.EventSpec]:
        """
        Keep this tab up to date. Reflex cancels it when the tab navigates or closes.

        `/catalogue?entry=7` opens the product of that entry, as the evidence of an answer links to it.
        """
        async with self:
            actor = await self._current_actor()
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
                asked_for = await self._open_asked_for()
            if asked_for:
                yield asked_for
            while True:
                facts = await inbox.batch()
                if any(_is_news(fact) for fact in facts):
                    async with self:
                        await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    # Finding

    @rx.event
    async def show(self, view: str) -> None:
        self.view, self.page, self.chosen = view if view in products.VIEWS else "all", 1, []
        await self._list()

    @rx.event
    async def search(self, query: str) -> None:
        self.query, self.page = str(query)[: products.MAX_SEARCH], 1
        await self._list()

    @rx.event
    async def clear_search(self) -> None:
        self.query, self.page = "", 1
        await self._list()

    @rx.event
    async def earlier(self) -> None:
        self.page -= 1
        await self._list()

    @rx.event
    async def later(self) -> None:
        self.page += 1
        await self._list()

    # Changing

    @rx.event
    def compose(self) -> rx.event.EventSpec:
        return self._open_form(ProductForm())

    @rx.event
    async def edit(self, product_id: int) -> rx.event.EventSpec:
        return self._open_form(_form_of(await self._do(products.get_product, product_id)))

    @rx.event
    def add_variant(self) -> None:
        kept = self.form.variants
        if len(kept) < MAX_VARIANTS:
            key = str(max((int(v.key) for v in kept), default=0) + 1)
            self.form = replace(self.form, variants=[*kept, VariantFields(key)])

    @rx.event
    def drop_variant(self, key: str) -> None:
        kept = [variant for variant in self.form.variants if variant.key != key]
        if kept:
            self.form = replace(self.form, variants=kept)

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        written = form if isinstance(form, dict) else {}
        self.name_error = self.error = ""
        self.saving = True
        yield None
        wishes = {name: written.get(name) for name in ("name", "category", "description", "sku")}
        wishes["active"] = written.get("active", False)
        variants = [
            {"id": v.id} | {name: written.get(f"v{v.key}_{name}") for name in OF_VARIANT}
            for v in self.form.variants
        ]
        try:
            if self.form.id:
                await self._do(products.change_product, self.form.id, wishes, variants)
            else:
                await self._do(products.add_product, wishes, variants)
        except Invalid as refused:
            said = await spoken(self, refused.key, **refused.values)
            if refused.key.startswith("catalogue.name"):
                self.name_error = said
            else:
                self.error = said
            return
        finally:
            self.saving = False
        yield rx.call_script(f"document.getElementById('{FORM}')?.close()")
        yield rx.toast.success(await spoken(self, "catalogue.saved"))

    @rx.event
    async def switch(self, product_id: int, on: bool) -> None:
        await self._do(products.activate_products, [product_id], on)

    @rx.event
    async def ask_delete(self, product_id: int) -> rx.event.EventSpec:
        row = await self._do(products.get_product, product_id)
        self.deleting_id, self.deleting_name = row.id, row.name
        return rx.call_script(f"document.getElementById('{DELETE}')?.showModal()")

    @rx.event
    async def delete(self) -> rx.event.EventSpec:
        row = await self._do(products.delete_product, self.deleting_id)
        self.chosen = [id for id in self.chosen if id != row.id]
        self.deleting_id, self.deleting_name = 0, ""
        return rx.toast.success(await spoken(self, "catalogue.deleted"), description=row.name)

    # Several at once

    @rx.event
    def choose(self, product_id: int, on: bool) -> None:
        others = [id for id in self.chosen if id != product_id]
        known = any(row.id == product_id for row in self.rows)
        self.chosen = [*others, product_id] if on is True and known else others

    @rx.event
    def choose_all(self, on: bool) -> None:
        self.chosen = [row.id for row in self.rows] if on is True else []

    @rx.event
    async def activate_chosen(self, on: bool) -> rx.event.EventSpec | None:
        if not self.chosen:
            return None
        count = await self._do(products.activate_products, self.chosen, on)
        self.chosen = []
        key = "catalogue.activated" if on is True else "catalogue.deactivated"
        return rx.toast.success(await spoken(self, key, count=count))

    # Files

    @rx.event
    async def export(self, kind: str) -> rx.event.EventSpec:
        """The route sends the file; who may not have it hears that here."""
        await self._do(spreadsheet.check_export)
        chosen = kind if kind in spreadsheet.KINDS else "csv"
        return download(f"/export/catalogue.{chosen}")

    @rx.event
    async def read_file(self, files: list[rx.UploadFile]) -> None:
        """Show what the file would bring before anything is saved."""
        self._forget_file()
        if not isinstance(files, list) or not files or not hasattr(files[0], "read"):
            return
        content = await files[0].read(MAX_BYTES + 1)
        try:
            seen: Preview = await self._do(spreadsheet.preview_import, content)
        except Invalid as refused:
            self.import_error = await spoken(self, refused.key, **refused.values)
            return
        self._file = content
        # What needs a look comes first.
        lines = sorted(seen.lines, key=lambda line: (not line.problem, line.line))
        self.import_rows = [await self._told(line) for line in lines[:PREVIEW_ROWS]]
        self.import_more = max(0, len(lines) - PREVIEW_ROWS)
        self.import_ready, self.import_skipped = seen.ready, seen.skipped
        self.import_added, self.import_changed = seen.added, seen.changed

    @rx.event
    async def refuse_file(self, _rejected: Any = None) -> None:
        """The browser itself found the file too big or of another kind."""
        self._forget_file()
        limit = MAX_BYTES // 1_000_000
        self.import_error = await spoken(self, "catalogue.file_rejected", limit=limit)

    @rx.event(background=True)
    async def save_import(self) -> AsyncIterator[rx.event.EventSpec]:
        async with self:
            if self.importing or not self._file:
                return
            content, self.importing = self._file, True
            actor = await self._current_actor()
        try:
            added, changed = await db.run(spreadsheet.import_products, actor, content)
        except Invalid as refused:
            async with self:
                self.import_error = await spoken(self, refused.key, **refused.values)
            return
        finally:
            async with self:
                self.importing = False
        async with self:
            self._forget_file()
            said = await spoken(self, "catalogue.imported", added=added, changed=changed)
        yield rx.call_script(f"document.getElementById('{IMPORT}')?.close()")
        yield rx.toast.success(said)

    @rx.event
    def drop_file(self) -> None:
        self._forget_file()

    def _forget_file(self) -> None:
        self._file = b""
        self.import_rows, self.import_error = [], ""
        self.import_ready = self.import_skipped = self.import_more = 0
        self.import_added = self.import_changed = 0

    async def _told(self, line: Line) -> LineRow:
        problem = await spoken(self, line.problem, **line.values) if line.problem else ""
        return LineRow(line.line, line.product, line.variant, line.price, line.act, problem)

    async def _load(self) -> None:
        try:
            await self._list()
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False

    async def _list(self) -> None:
        seen: ProductPage = await self._do(products.list_products, self.view, self.query, self.page)
        self.rows, self.found, self.counts = seen.rows, seen.found, seen.counts
        self.page, self.pages = seen.page, seen.pages
        shown = {row.id for row in seen.rows}
        self.chosen = [id for id in self.chosen if id in shown]

    async def _open_asked_for(self) -> rx.event.EventSpec | None:
        """Once: a tab that connects anew does not open the form again."""
        asked = self.router.url.query_parameters.get("entry", "")
        if not asked or asked == self._asked_for:
            return None
        self._asked_for = asked
        try:
            row = await self._do(products.get_product_of_entry, asked)
        except NotFound:
            return rx.toast.warning(await spoken(self, "catalogue.gone"))
        return self._open_form(_form_of(row))

    def _open_form(self, form: ProductForm) -> rx.event.EventSpec:
        self.form = replace(form, version=self.form.version + 1)
        self.name_error = self.error = ""
        return rx.call_script(
            f"const d = document.getElementById('{FORM}'); d && !d.open && d.showModal()"
        )


def _form_of(row: ProductRow) -> ProductForm:
    variants = [
        VariantFields(
            key=str(at),
            id=variant.id,
            name=variant.name,
            price=str(variant.price),
            stock="" if variant.stock < 0 else str(variant.stock),
            sku=variant.sku,
            weight=str(variant.weight) if variant.weight else "",
        )
        for at, variant in enumerate(row.variants, 1)
    ]
    return ProductForm(
        id=row.id,
        name=row.name,
        category=row.category,
        description=row.description,
        sku=row.sku,
        active=row.active,
        variants=variants or [VariantFields()],
    )


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (
        isinstance(fact, SettingsChanged) and fact.what == products.TOPIC
    )
