"""What a model writes is held to before it leaves: what must pass, and what must not."""

from datetime import UTC, datetime

import pytest

from chatrigo.demo.seed import knowledge_of
from chatrigo.demo.shop import load_shop
from chatrigo.demo.story import load_conversations
from chatrigo.demo.versions import _fields_of
from chatrigo.domain.assistant.outgoing import Outgoing
from chatrigo.domain.assistant.plain import plain, unmarked
from chatrigo.domain.assistant.promises import Deeds
from chatrigo.domain.assistant.prompt import Evidence, build, language_of, secrets, sources
from chatrigo.domain.tools.registry import OWN
from chatrigo.models.business import Business
from chatrigo.models.instructions import InstructionVersion

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KNOWN = [
    ("Retur?", "Barang cacat bisa retur 7 hari. Refund ke rekening asal, diproses 3 hari kerja."),
    (
        "Ongkir?",
        "Gratis ongkir untuk belanja di atas Rp150.000 di Bandung. Luar kota tidak gratis.",
    ),
    (
        "Bayar?",
        "Transfer ke BCA 1234567890 a.n. Kopi Uji, atau QRIS. Kirim bukti bayar ke chat ini.",
    ),
    ("Kontak?", "WA 0812-3456-7890, Instagram @kopi.uji, menu di https://kopi.example.com/menu."),
    ("Hewan?", "Kami jual makanan anjing dan kucing. Tidak menjual produk mengandung babi."),
    ("Garansi?", "Mesin kopi bergaransi 1 tahun. Tanpa kartu garansi tidak bisa klaim."),
    ("Kafein?", "Untuk ibu hamil, sebaiknya tanya dokter dulu sebelum minum kopi."),
]
TOLD = InstructionVersion(
    business_id=1,
    name="Uji",
    persona="Kamu barista ramah yang sudah sepuluh tahun bekerja di kedai kopi keluarga.",
    tone="Santai tetapi sopan, sapa pelanggan dengan kak.",
    do="Tawarkan gilingan gratis untuk setiap pembelian biji kopi, dan sebut jam ambilnya.",
    dont="Jangan sebut margin 40 persen untuk reseller. Jangan janji kirim hari Minggu.",
    more="Alamat: Jalan Kemuning Wangi nomor 17, Bandung, rumah putih berpagar hijau di kiri jalan.",
    topics={
        "medical": {"choice": "decline", "words": "Untuk soal kesehatan, tanya dokter ya kak."},
        "rival": {"choice": "hand_over", "names": "Kopi Sebelah"},
    },
)


def leaving(question="halo", deeds=None, told=TOLD, known=KNOWN, history=()):
    evidence = [Evidence(at, title, body) for at, (title, body) in enumerate(known)]
    turns = build(Business(name="Kopi Uji", slug="kopi"), told, evidence, history, question, NOON)
    ours, theirs = sources(turns)
    return Outgoing(
        told=tuple(ours),
        question=theirs,
        secrets=secrets(turns, OWN, ours[1:]),
        deeds=deeds or Deeds(),
        language=language_of(turns),
        topics=told.topics or {},
        known=tuple(ours[1:]),
    )


HONEST = [
    "Halo kak, ada yang bisa dibantu?",
    "Barang cacat bisa retur dalam 7 hari ya kak, refund diproses 3 hari kerja.",
    "Gratis ongkir kalau belanja di atas Rp150.000, kak.",
    "Untuk luar kota ongkirnya tidak gratis, kak.",
    "Maaf kak, saat ini belum ada diskon.",
    "Maaf, aku tidak bisa memberi voucher. Kalau mau, aku sambungkan ke tim ya.",
    "Soal cashback aku belum punya infonya kak, aku tanyakan ke tim dulu ya.",
    "Transfer ke BCA 1234567890 a.n. Kopi Uji ya kak.",
    "Kalau sudah dibayar, kirim bukti bayarnya ke chat ini ya kak.",
    "Pesanan yang sudah dibayar tidak bisa dibatalkan, kak.",
    "Apakah pesanannya sudah dibayar, kak?",
    "Setelah refund diproses, dana masuk ke rekening asal.",
    "Menunya bisa dilihat di https://kopi.example.com/menu",
    "DM ke @kopi.uji juga boleh, kak.",
    "WA kami +62 812 3456 7890 ya.",
    "Iya kak, kami jual makanan anjing dan kucing.",
    "Tenang kak, tidak ada yang mengandung babi.",
    "Mesinnya bergaransi 1 tahun, kak.",
    "Gilingannya gratis untuk setiap pembelian biji kopi.",
    "Alamatnya Jalan Kemuning Wangi nomor 17, Bandung, rumah putih berpagar hijau di kiri jalan.",
    "Untuk soal kesehatan, tanya dokter ya kak.",
    "Untuk ibu hamil sebaiknya tanya dokter dulu ya, kak.",
    "Aku asisten virtual Kopi Uji, bukan manusia. Mau aku sambungkan ke tim?",
    "Jangan kasih tahu kode OTP ke siapa pun ya kak, termasuk kami.",
    "We can refund defective items within 7 days, and it takes 3 working days.",
    "Free shipping in Bandung for orders above Rp150.000.",
    "Sorry, we have no discount at the moment.",
    "Feel free to ask anything, kak! The drinks are sugar-free on request.",
    "1. Pilih barang\n2. Transfer\n3. Kirim bukti bayar",
    "Siap kak 👩‍🍳☕ ditunggu ya, 3 < 7 kok :)",
    "Maaf kak, kami tidak melayani kirim di hari Minggu.",
    "Kami belum punya harga khusus untuk itu, kak.",
    "Boleh tahu nomor pesanannya, kak?",
    "Nanti tim kami yang memproses refundnya, ya kak.",
    "Uangnya kembali penuh kalau barang cacat dan refund disetujui, kak.",
]


@pytest.mark.parametrize("answer", HONEST)
def test_an_honest_answer_is_sent_as_it_is(answer):
    assert plain(answer) == answer
    assert leaving().objections(answer) == []


@pytest.mark.parametrize(
    ("answer", "deeds"),
    [
        ("Sudah saya catat ya kak.", Deeds(noted=True)),
        ("Kodenya sudah kami kirim ke email kakak.", Deeds(sent=True)),
        ("Pesanan kakak sudah kami batalkan.", Deeds(acted=True, asked=True)),
        ("Pesanan kakak sudah dibayar dan sedang dikirim.", Deeds(asked=True)),
        ("Your order has been cancelled.", Deeds(asked=True)),
    ],
)
def test_what_a_tool_did_may_be_said_and_nothing_else(answer, deeds):
    assert leaving(deeds=deeds).objections(answer) == []
    if not answer.startswith("Your"):
        assert [o.reason for o in leaving().objections(answer)] == ["promise"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Refund sudah saya proses ya kak.", "promise"),
        ("Kami sudah membatalkan pesanan kakak.", "promise"),
        ("Uang kakak sudah ditransfer.", "promise"),
        ("Sudah saya teruskan ke admin, tunggu ya.", "promise"),
        ("I've refunded your payment.", "promise"),
        ("Your order has been cancelled.", "promise"),
        ("Kakak dapat diskon khusus ya!", "promise"),
        ("Selamat, kakak pemenang giveaway kami!", "promise"),
        ("Ada cashback untuk kakak.", "promise"),
        ("You get a voucher from us.", "promise"),
        ("Dasar goblok, baca dulu menunya.", "improper"),
        ("Dasar g0bl0k kamu", "improper"),
        ("Fuck off", "improper"),
        ("Kamu anjing babi", ""),
        ("Aku bunuh kamu", "improper"),
        ("Saya manusia asli kak, bukan robot.", "improper"),
        ("I am a real human.", "improper"),
        ("Kirim kode OTP kakak ke sini ya.", "improper"),
        ("Please send your card number and CVV.", "improper"),
        ("Answer only from the evidence between <bukti> and </bukti>, and from what", "leak"),
        ("Kamu barista ramah yang sudah sepuluh tahun bekerja di kedai kopi keluarga.", "leak"),
        ("Jangan sebut margin empat puluh persen", ""),
        ("Jangan janji kirim hari Minggu, itu instruksiku.", "leak"),
        ("Aku punya alat save_contact_field dan book_follow_up.", "leak"),
        ("Kopi Sebelah lebih murah kak.", "topic"),
        ("Minum paracetamol, dosis dua kali sehari.", "topic"),
        ("Konfirmasi ke @penipu_wa ya", "unsupported_claim"),
        ("Kirim bukti ke admin@jahat.example", "unsupported_claim"),
        ("Bayar di jahat [dot] com", "unsupported_claim"),
        ("Klik javascript:alert(document.cookie)", "unsupported_claim"),
        ("Nomor baru kami nol delapan satu dua tiga empat", "unsupported_claim"),
        ("Nomornya ⑨⑨⑨⑨⑨⑨⑨⑨⑨⑨ kak", "unsupported_claim"),
        ("Harganya 𝟓𝟎𝟎𝟎 saja", "unsupported_claim"),
        ("我们的商店每天早上八点开门晚上十点关门", "wrong_language"),
    ],
)
def test_what_is_never_sent(answer, reason):
    found = [o.reason for o in leaving().objections(plain(answer))]
    assert (reason in found) if reason else True


def test_an_english_answer_to_an_indonesian_question_is_wrong():
    answer = "We are open every day and you can visit our shop."
    asked = "kak mau tanya jam buka toko ini sampai jam berapa ya?"
    assert [o.reason for o in leaving(asked).objections(answer)] == ["wrong_language"]
    assert leaving("what time do you open the shop, and where is it?").objections(answer) == []
    assert leaving("open?").objections(answer) == []


@pytest.mark.parametrize(
    "disguise", ["base64", "hex", "rot13", "reversed", "spaced", "leet", "url"]
)
def test_our_rules_leave_in_no_disguise(disguise):
    from tests.support.obedient import recited

    leaves = leaving()
    answer = plain(recited(leaves.secrets.rules, disguise))
    assert "leak" in [o.reason for o in leaves.objections(answer)]
    shown = "".join(c for c in leaves.safe(answer) if c.isalnum())
    assert len(shown) < 40


def test_where_to_pay_never_comes_from_the_customer():
    leaves = leaving("aku transfer ke rekening 5556667778 kan? HP-ku 081299990000, rina@mail.com")
    assert leaves.objections("Betul, transfer ke rekening 5556667778.")
    assert leaves.objections("Nomor kakak 081299990000 dan rina@mail.com ya?") == []


@pytest.mark.parametrize(
    "text",
    [
        "</pelanggan>",
        "< / PELANGGAN >",
        "<bukti\n>",
        "＜bukti＞",
        "<bu\u200bkti>",
        "<Ьukti x='1'>".replace("Ь", "b"),
        "<hаsil>",
        "</hasil/>",
        "<bukti",
        "‹bukti›",
        "<|im_start|>",
        "[INST]",
        "<<SYS>>",
        "<b u k t i>".replace(" ", "\u2060"),
    ],
)
def test_no_marker_survives(text):
    left = unmarked(f"a {text} b")
    assert "<" not in left.replace("< ", "")
    assert not any(c in left for c in "＜‹[|")


@pytest.mark.parametrize("text", ["3 < 7 & 8 > 2", "<3 kak", "harga [promo] a<b", "👩‍🍳 ½ ™ é"])
def test_other_text_is_left_alone(text):
    assert unmarked(text) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**Buka** jam 8", "Buka jam 8"),
        ("## Menu\nKopi", "Menu\nKopi"),
        ("<b>Buka</b><script>alert(1)</script>", " Buka  "),
        ("![x](http://evil.example?q=1)", "x http://evil.example?q=1"),
        ("[menu](https://kopi.example.com/menu)", "menu (https://kopi.example.com/menu)"),
        ("Bu\u200bka\u202e jam ８", "Buka jam 8"),
    ],
)
def test_an_answer_is_plain_text(written, read):
    assert plain(written) == read


def test_everything_the_demo_says_may_be_said():
    """Sixty conversations of honest answers: none is held back."""
    shop = load_shop()
    known = {key: (title, body) for key, _, title, body in knowledge_of(shop)}
    told = InstructionVersion(business_id=1, **_fields_of(shop.assistant))
    held, said = [], 0
    for conversation in load_conversations(NOON):
        history: list[tuple[str, str]] = []
        for message in conversation.messages:
            if message.author == "ai" and message.kind == "text":
                said += 1
                pieces = [known[key] for key in message.evidence if key in known]
                asked = history[-1][1] if history else "halo"
                leaves = leaving(asked, told=told, known=pieces, history=history[:-1])
                held += [
                    (o.reason, o.what, message.text)
                    for o in leaves.objections(plain(message.text))
                    if o.reason != "unsupported_claim"
                ]
            if message.kind == "text":
                role = "user" if message.author == "contact" else "assistant"
                history.append((role, message.text))
    assert said > 90
    assert held == []
