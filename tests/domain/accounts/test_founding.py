import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts.founding import found_business, slug_of
from chatrigo.models.business import Business


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Kopi Senja", "kopi-senja"),
        ("Kopi Tuku & Teman!", "kopi-tuku-teman"),
        ("Café Ñandú", "cafe-nandu"),
        ("Bu Ani's", "bu-anis"),
        ("  --Soto--  ", "soto"),
        ("Admin", "toko-admin"),
        ("Chatrigo", "toko-chatrigo"),
        ("茶", "toko"),
        ("9", "toko-9"),
        ("Kedai " + "panjang " * 10, "kedai-panjang-panjang-panjang-panjang-pa"),
    ],
)
def test_the_address_of_a_shop_reads_like_its_name(name, slug):
    assert slug_of(name) == slug


def test_shops_of_one_name_get_different_addresses(database_open):
    for _ in range(3):
        with db.transaction(PUBLIC) as session:
            found_business(session, "Kopi Senja")
    with db.transaction(PUBLIC) as session:
        slugs = session.execute(select(Business.slug).order_by(Business.id)).scalars().all()
    assert slugs == ["kopi-senja", "kopi-senja-2", "kopi-senja-3"]
