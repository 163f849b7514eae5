import pytest

from chatrigo.domain.catalogue import products


@pytest.fixture
def latte(session, actor):
    return add(session, actor, "Kafe Latte", ("Panas", "27.000", "4"), ("Es", "Rp29.000", ""))


def add(session, actor, name, *variants, **wishes):
    """A product with variants of (name, price, stock)."""
    listed = [{"name": n, "price": p, "stock": s} for n, p, s in variants]
    return products.add_product(session, actor, {"name": name, **wishes}, listed)
