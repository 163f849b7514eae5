"""Every part of the design system in every state; development only, texts are samples."""

import reflex as rx

from components import ui
from components.shell import account_menu, preferences, shell
from components.ui.badge import LABEL_COLORS
from state.gallery import GalleryState


def page() -> rx.Component:
    return shell(
        ui.page_body(
            ui.page_header("Galeri", "Semua komponen.", actions=preferences()),
            _section(
                "Tombol",
                *[
                    ui.button(v, variant=v)
                    for v in ("primary", "secondary", "soft", "ghost", "danger", "danger-quiet")
                ],
                *[ui.button(s, size=s, icon="send") for s in ("sm", "md", "lg")],
                ui.button("loading", loading=True),
                ui.button("disabled", disabled=True),
                ui.link_button("link", "/", variant="secondary", icon_after="arrow-right"),
                ui.icon_button("archive", "Arsipkan"),
                ui.icon_button("archive", "Arsipkan", variant="secondary"),
                ui.copy_button("https://chatrigo.example/c/kopi"),
            ),
            _section(
                "Isian",
                rx.el.div(
                    ui.input_field(
                        "email",
                        "E-mail",
                        hint="Kami kirim kode ke sini.",
                        type="email",
                        placeholder="nama@toko.id",
                    ),
                    ui.input_field("wrong", "Nama usaha", error="Nama usaha wajib diisi."),
                    ui.password_field("password", "Kata sandi"),
                    ui.textarea_field(
                        "answer", "Jawaban", optional=True, placeholder="Tulis jawabannya"
                    ),
                    ui.select_field("zone", "Zona waktu", [("wib", "WIB"), ("wita", "WITA")]),
                    ui.search_box(
                        GalleryState.query, GalleryState.search, on_clear=GalleryState.clear
                    ),
                    ui.checkbox(
                        "agree", "Saya setuju", hint="Bisa diubah nanti.", default_checked=True
                    ),
                    ui.radio("tone", "warm", "Hangat", default_checked=True),
                    ui.radio("tone", "formal", "Formal"),
                    ui.switch(
                        "on",
                        "Asisten menjawab",
                        hint="Matikan untuk menjawab sendiri.",
                        checked=GalleryState.on,
                        on_change=GalleryState.turn,
                    ),
                    rx.el.form(ui.otp_boxes(), on_submit=GalleryState.check),
                    rx.el.p(GalleryState.code),
                    ui.otp_boxes("code2", error="Kodenya salah."),
                    class_name="grid w-full items-start gap-5 sm:grid-cols-2",
                ),
            ),
            _section(
                "Label",
                *[
                    ui.badge(t, tone=t, icon="circle-dot")
                    for t in (
                        "neutral",
                        "accent",
                        "ai",
                        "sun",
                        "positive",
                        "warning",
                        "danger",
                        "info",
                    )
                ],
                *[ui.chip(c, c) for c in LABEL_COLORS],
                ui.chip("lepas", "blue", on_remove=GalleryState.clear),
                ui.count(3),
                ui.count(12, tone="accent"),
                ui.count("99+", tone="danger"),
                ui.dot(),
                ui.dot("sun"),
                ui.dot("danger"),
                ui.dot("muted"),
                ui.dot("ai"),
                ui.kbd("R"),
                ui.kbd("⌘K"),
                ui.avatar("Rina Wulandari"),
                ui.avatar("Budi", size="sm"),
                ui.avatar("Sari Dewi", size="lg"),
                ui.ai_avatar(),
                rx.foreach(GalleryState.rows, lambda row: ui.avatar(row.name)),
            ),
            _section(
                "Menu dan dialog",
                ui.menu(
                    "more",
                    ui.menu_button("more", "ellipsis", "Lainnya"),
                    ui.menu_label("Percakapan"),
                    ui.menu_item("Tugaskan", icon="user-plus"),
                    ui.menu_item("Ke beranda", icon="house", href="/"),
                    ui.menu_separator(),
                    ui.menu_item("Hapus", icon="trash-2", danger=True),
                    label="Lainnya",
                ),
                ui.button("Buka dialog", variant="secondary", on_click=ui.open_dialog("d1")),
                ui.button("Hapus…", variant="danger", on_click=ui.open_dialog("d2")),
                ui.dialog(
                    "d1",
                    "Tambah jawaban",
                    ui.input_field("q", "Pertanyaan"),
                    ui.textarea_field("a", "Jawaban"),
                    actions=ui.button("Simpan", data_close=True),
                ),
                ui.confirm_dialog(
                    "d2",
                    "Hapus jawaban ini?",
                    "Asisten tidak akan memakainya lagi.",
                    confirm="Hapus",
                    on_confirm=GalleryState.clear,
                ),
                ui.button(
                    "Toast",
                    variant="secondary",
                    on_click=rx.toast.success("Tersimpan", description="Langsung dipakai asisten."),
                ),
                ui.button(
                    "Toast salah", variant="secondary", on_click=rx.toast.error("Gagal menyimpan")
                ),
            ),
            _section(
                "Pilihan",
                ui.tabs(
                    [("all", "Semua"), ("mine", "Punyaku", 3), ("none", "Belum diambil", 0)],
                    GalleryState.tab,
                    GalleryState.show,
                    label="Saring",
                ),
                ui.segmented(
                    [("all", "Semua"), ("mine", "Punyaku")],
                    GalleryState.tab,
                    GalleryState.show,
                    label="Saring",
                ),
            ),
            _section(
                "Percakapan",
                rx.el.div(
                    ui.message_list(
                        ui.divider("Hari ini"),
                        ui.bubble(
                            "customer",
                            "kak kopi susu literan msh ada gak?\nbuat besok sore 🙏",
                            meta=ui.time("14.02"),
                            heading="Rina",
                        ),
                        ui.bubble(
                            "ai",
                            "Masih ada, Kak! Kopi Susu Senandika 1 liter Rp85.000.",
                            mine=True,
                            meta=ui.time("14.02"),
                            heading="Asisten",
                        ),
                        ui.bubble(
                            "person",
                            "Halo Kak Rina, aku Dimas ya.",
                            mine=True,
                            meta=ui.time("14.05"),
                            heading="Dimas",
                        ),
                        ui.bubble(
                            "note",
                            "Pelanggan lama, kasih bonus stiker.",
                            mine=True,
                            heading="Catatan",
                        ),
                        ui.system_line("Dimas mengambil alih percakapan", icon="hand"),
                        ui.bubble("customer", "مرحبا، هل عندكم قهوة؟"),
                        ui.bubble("customer", "a" * 200),
                        ui.typing_bubble(mine=True),
                        label="Percakapan",
                    ),
                    class_name="w-full rounded-card bg-canvas border border-border",
                ),
            ),
            _section(
                "Tabel",
                ui.card(
                    ui.table(
                        [
                            ui.Column("Nama", lambda row: row.name, lead=True),
                            ui.Column("Telepon", lambda row: row.phone),
                            ui.Column(
                                "Label", lambda row: ui.chip(row.status, row.color), align="end"
                            ),
                        ],
                        GalleryState.rows,
                        caption="Kontak",
                    ),
                    padded=False,
                    class_name="w-full",
                ),
                ui.pagination(
                    "1–50 dari 120",
                    has_previous=False,
                    has_next=True,
                    on_previous=GalleryState.clear,
                    on_next=GalleryState.clear,
                ),
            ),
            _section(
                "Keadaan",
                ui.card(
                    ui.empty_state(
                        "inbox",
                        "Belum ada percakapan",
                        "Bagikan alamat chat tokomu.",
                        ui.button("Salin alamat"),
                    ),
                    class_name="grow",
                ),
                ui.card(ui.error_state(GalleryState.clear), class_name="grow"),
                ui.card(ui.skeleton_list(3), padded=False, class_name="grow"),
                ui.card(ui.loading(), class_name="grow"),
                *[
                    ui.banner(
                        f"Pemberitahuan {t}",
                        tone=t,
                        class_name="w-full",
                        on_dismiss=GalleryState.clear,
                    )
                    for t in ("info", "positive", "warning", "danger", "ai")
                ],
                ui.progress(40, label="Impor"),
                ui.card(
                    ui.card_header(
                        "Judul kartu",
                        "Penjelasan singkat",
                        action=ui.button("Ubah", size="sm", variant="secondary"),
                    ),
                    ui.definition([("Telepon", "0812"), ("Kota", "Bandung")]),
                    class_name="grow",
                ),
                ui.stat("Hari ini", "128", icon="message-circle", note="percakapan"),
            ),
        ),
        active="inbox",
        waiting=7,
        account=account_menu(
            "Dimas Pratama",
            "dimas@kopi.id",
            business="Kopi Senandika",
            on_sign_out=GalleryState.clear,
        ),
    )


def _section(title: str, *parts: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="text-title font-bold"),
        rx.el.div(*parts, class_name="flex flex-wrap items-center gap-3"),
        class_name="flex flex-col gap-3",
    )
