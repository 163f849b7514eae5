"""
The catalogue as a CSV or XLSX file: one line a variant.

Columns: product, price, and if wanted category, description, sku, active (yes, no), variant,
variant_sku, stock, weight; Indonesian names work too. Lines of the same product belong together;
a product that is there already (by its SKU, else by its name) is changed to what the file says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, require
from chatrigo.domain.accounts import step_up
from chatrigo.domain.catalogue import products, table_file
from chatrigo.domain.catalogue.rows import MAX_VARIANTS
from chatrigo.errors import Invalid
from chatrigo.models.catalogue import Product

MAX_ROWS = 5_000
KINDS = ("csv", "xlsx")

COLUMNS = {
    "product": ("product", "produk", "nama produk", "name", "nama"),
    "category": ("category", "kategori"),
    "description": ("description", "deskripsi", "keterangan"),
    "sku": ("sku", "kode"),
    "active": ("active", "aktif"),
    "variant": ("variant", "varian", "jenis", "ukuran"),
    "variant_sku": ("variant_sku", "variant sku", "sku varian"),
    "price": ("price", "harga"),
    "stock": ("stock", "stok"),
    "weight": ("weight", "berat", "weight_grams", "berat (gram)"),
}
_NO = ("no", "tidak", "false", "0", "off")


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of the file, `line` counted as a spreadsheet does (the heading is 1).

    problem  a key of the catalogue with `values` for a line that can't be saved; else empty
    act      "new" or "changed" for a line that can
    """

    line: int
    product: str
    variant: str
    price: str
    act: str
    problem: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """`ready` and `skipped` count lines, `added` and `changed` products."""

    lines: list[Line]
    ready: int
    skipped: int
    added: int
    changed: int


def export_products(session: Session, actor: Actor, kind: Any = "csv") -> bytes:
    """All products by name, as a file of `kind`; noted in the audit log."""
    require(actor, "export")
    step_up.require_recent(session, actor)
    chosen = kind if kind in KINDS else "csv"
    query = (
        select(Product)
        .where(Product.business_id == actor.business_id)
        .order_by(func.lower(Product.name), col(Product.id))
    )
    found = products.rows_of(session, session.execute(query).scalars().all())
    table = [list(COLUMNS), *(cells for row in found for cells in _cells(row))]
    audit.note(session, actor, "catalogue.exported", after={"products": len(found)})
    return table_file.written(table, chosen)


def check_export(session: Session, actor: Actor) -> None:
    """Raises what `export_products` would raise, so that a screen can ask for proof first."""
    require(actor, "export")
    step_up.require_recent(session, actor)


def preview_import(session: Session, actor: Actor, content: Any) -> Preview:
    """What `import_products` would make of the file. Raises Invalid for a file that is none."""
    require(actor, "teach")
    judged = list(_judged(session, actor, content))
    lines = sorted((line for each in judged for line in each.lines), key=lambda line: line.line)
    ready = sum(not line.problem for line in lines)
    good = [each for each in judged if each.checked]
    changed = sum(each.existing > 0 for each in good)
    return Preview(lines, ready, len(lines) - ready, len(good) - changed, changed)


def import_products(session: Session, actor: Actor, content: Any) -> tuple[int, int]:
    """Save the products without a problem, all or none; how many were added and changed."""
    require(actor, "teach")
    products.make_room(session, actor, 0)
    good = [
        (each.existing, each.checked)
        for each in _judged(session, actor, content)
        if each.checked is not None
    ]
    if not good:
        raise Invalid("catalogue.file_nothing")
    added = sum(not existing for existing, _ in good)
    products.make_room(session, actor, added)
    for existing, checked in good:
        product = session.get(Product, existing) if existing else None
        product = product or Product(business_id=actor.business_id, name="")
        products.save(session, actor, product, checked)
    changed = len(good) - added
    audit.note(session, actor, "catalogue.imported", after={"added": added, "changed": changed})
    return added, changed


@dataclass(frozen=True, slots=True)
class _Judged:
    """The lines of one product, and what is to be stored unless one of them has a fault."""

    existing: int
    lines: list[Line]
    checked: products.Checked | None


def _judged(session: Session, actor: Actor, content: Any) -> Iterator[_Judged]:
    together: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, cells in _read(content):
        name = cells.get("product", "").strip()
        together.setdefault(name.lower() or f"#{line}", []).append((line, cells))
    by_sku, by_name, variants = _known(session, actor)
    seen: set[str] = set()
    for lines in together.values():
        wishes = _wishes(lines)
        existing = by_sku.get(wishes["sku"]) or by_name.get(wishes["name"].lower()) or 0
        wanted = _variants(lines, variants.get(existing, {}))
        checked, at, fault = _checked(session, actor, existing, wishes, wanted, seen)
        seen.update(checked.skus if checked else ())
        yield _Judged(existing, _told(lines, existing, at, fault), checked)


def _checked(
    session: Session,
    actor: Actor,
    existing: int,
    wishes: dict[str, Any],
    wanted: list[dict[str, Any]],
    seen: set[str],
) -> tuple[products.Checked | None, int, Invalid | None]:
    """What is to be stored; or which line has the fault, counted from 0, and the fault."""
    for at, variant in enumerate(wanted):
        try:
            products.wished([variant])
        except Invalid as fault:
            return None, at, fault
    try:
        checked = products.check(session, actor, existing, wishes, wanted)
    except Invalid as fault:
        return None, 0, fault
    again = next((sku for sku in checked.skus if sku in seen), None)
    if again:
        return None, 0, Invalid("catalogue.sku_taken", sku=again)
    return checked, 0, None


def _told(
    lines: Sequence[tuple[int, dict[str, str]]], existing: int, at: int, fault: Invalid | None
) -> list[Line]:
    """The lines for a screen; a fault of one keeps the others of its product out too."""
    told = []
    for number, (line, cells) in enumerate(lines):
        problem, values = "", {}
        if fault and number == at:
            problem, values = fault.key, fault.values
        elif fault:
            problem, values = "catalogue.file_other_line", {"line": lines[at][0]}
        told.append(
            Line(
                line,
                cells.get("product", "")[:160],
                cells.get("variant", "")[:80],
                cells.get("price", "")[:40],
                "" if fault else ("changed" if existing else "new"),
                problem,
                values,
            )
        )
    return told


def _known(
    session: Session, actor: Actor
) -> tuple[dict[str, int], dict[str, int], dict[int, dict[str, int]]]:
    """Products by SKU and by name; the ids of their variants by name."""
    query = select(Product).where(Product.business_id == actor.business_id)
    found = session.execute(query.order_by(col(Product.id).desc())).scalars().all()
    of = products.variants_of(session, found)
    by_sku = {product.sku: product.id or 0 for product in found if product.sku}
    by_name = {product.name.lower(): product.id or 0 for product in found}
    variants = {
        product.id or 0: {v.name.lower(): v.id or 0 for v in of[product.id]} for product in found
    }
    return by_sku, by_name, variants


def _wishes(lines: Sequence[tuple[int, dict[str, str]]]) -> dict[str, Any]:
    """A column that is filled on any line of the product counts for the product."""

    def first(name: str) -> str:
        return next((cells[name] for _, cells in lines if cells.get(name, "").strip()), "")

    return {
        "name": first("product").strip(),
        "description": first("description"),
        "category": first("category"),
        "sku": first("sku").strip(),
        "active": first("active").strip().lower() not in _NO,
    }


def _variants(
    lines: Sequence[tuple[int, dict[str, str]]], known: Mapping[str, int]
) -> list[dict[str, Any]]:
    return [
        {
            "id": known.get(cells.get("variant", "").strip().lower(), 0),
            "name": cells.get("variant", ""),
            "sku": cells.get("variant_sku", ""),
            "price": cells.get("price", ""),
            "stock": cells.get("stock", "").strip(),
            "weight": cells.get("weight", "").strip(),
        }
        for _, cells in lines
    ]


def _read(content: Any) -> Iterator[tuple[int, dict[str, str]]]:
    rows = table_file.read(content, most=MAX_ROWS)
    places = _places(rows[0])
    for line, cells in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in cells):
            yield line, {name: cells[at] for name, at in places.items() if at < len(cells)}


def _places(heading: Sequence[str]) -> dict[str, int]:
    """Where each column stands. Raises Invalid without a product and a price."""
    names = [" ".join(cell.lower().split()) for cell in heading]
    places = {
        name: names.index(spelling)
        for name, spellings in COLUMNS.items()
        for spelling in spellings[::-1]
        if spelling in names
    }
    if "product" not in places or "price" not in places:
        raise Invalid("catalogue.file_columns")
    return places


def _cells(row: Any) -> Iterator[list[Any]]:
    for variant in row.variants[:MAX_VARIANTS]:
        yield [
            row.name,
            row.category,
            row.description,
            row.sku,
            "yes" if row.active else "no",
            variant.name,
            variant.sku,
            variant.price,
            "" if variant.stock < 0 else variant.stock,
            variant.weight or "",
        ]
