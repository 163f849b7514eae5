import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from chatrigo.integrations import email
from chatrigo.integrations.email import EmailFailed
from tests.support.fake_smtp import FakeMailServer, MakeFakeSmtp

TO = "sari@toko.example"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "PAUSE_SECONDS", 0.01)


async def send(to: str = TO, subject: str = "Kode masuk") -> None:
    await email.send(to, subject, "Kodemu 123456.")


async def test_text_arrives_with_the_headers_mail_needs(fake_smtp: FakeMailServer):
    await send()

    [message] = fake_smtp.messages
    assert fake_smtp.envelopes == [("halo@chatrigo.example", [TO])]
    assert message["To"] == TO
    assert message["From"] == "Chatrigo <halo@chatrigo.example>"
    assert message["Subject"] == "Kode masuk"
    assert message["Message-ID"].endswith("@chatrigo.example>")
    assert datetime.now(UTC) - message["Date"].datetime < timedelta(minutes=1)
    assert message.get_content().strip() == "Kodemu 123456."


async def test_html_is_the_alternative_and_names_survive(fake_smtp: FakeMailServer):
    await email.send(TO, "Selamat datang di Kopi Ayu ☕", "Halo é", "<p>Halo <b>é</b></p>")

    [message] = fake_smtp.messages
    assert message["Subject"] == "Selamat datang di Kopi Ayu ☕"
    assert message.get_content_type() == "multipart/alternative"
    assert message.get_body(("plain",)).get_content().strip() == "Halo é"
    assert message.get_body(("html",)).get_content().strip() == "<p>Halo <b>é</b></p>"


async def test_a_subject_cannot_add_headers(fake_smtp: FakeMailServer):
    await send(subject="Halo\r\nBcc: mata@mata.example\r\n\r\nisi")

    [message] = fake_smtp.messages
    assert message["Subject"] == "Halo Bcc: mata@mata.example isi"
    assert message["Bcc"] is None
    assert fake_smtp.envelopes[0][1] == [TO]


@pytest.mark.parametrize(
    "to", ["", "sari", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "<a@b>"]
)
async def test_what_is_no_single_address_is_not_sent_to(fake_smtp: FakeMailServer, to: str):
    with pytest.raises(EmailFailed):
        await send(to)

    assert fake_smtp.tries == 0


# Encryption and login


async def test_starttls_and_login(make_fake_smtp: MakeFakeSmtp):
    server = make_fake_smtp(tls="starttls", user="halo", password="rahasia")

    await send()

    assert len(server.messages) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
async def test_encrypted_from_the_first_byte(make_fake_smtp: MakeFakeSmtp):
    server = make_fake_smtp(tls="always", user="halo", password="rahasia")

    await send()

    assert len(server.messages) == 1


async def test_signs_in_the_url_may_be_escaped(make_fake_smtp: MakeFakeSmtp, setting):
    server = make_fake_smtp(tls="starttls", user="halo@x.example", password="p/w:1@")
    setting(smtp_url=SecretStr(f"smtp://halo%40x.example:p%2Fw%3A1%40@127.0.0.1:{server.port}"))

    await send()

    assert len(server.messages) == 1


async def test_a_server_without_starttls_is_not_trusted(fake_smtp: FakeMailServer, setting):
    setting(smtp_url=SecretStr(f"smtp://127.0.0.1:{fake_smtp.port}"))

    with pytest.raises(EmailFailed):
        await send()

    assert fake_smtp.tries == 0


async def test_an_unknown_certificate_is_not_trusted(make_fake_smtp: MakeFakeSmtp, monkeypatch):
    server = make_fake_smtp(tls="starttls")
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(EmailFailed):
        await send()

    assert server.tries == 0


async def test_a_wrong_password(make_fake_smtp: MakeFakeSmtp, setting, caplog):
    server = make_fake_smtp(tls="starttls", user="halo", password="rahasia")
    setting(smtp_url=SecretStr(server.url.replace("rahasia", "tebakan")))

    with pytest.raises(EmailFailed):
        await send()

    assert server.tries == 0
    assert "tebakan" not in caplog.text


# Failures


async def test_a_temporary_refusal_is_tried_once_more(fake_smtp: FakeMailServer):
    fake_smtp.will("451 Later, please")

    await send()

    assert (fake_smtp.tries, len(fake_smtp.messages)) == (2, 1)


async def test_but_only_once_more(fake_smtp: FakeMailServer):
    fake_smtp.will("451 Later", "451 Later", "451 Later")

    with pytest.raises(EmailFailed) as caught:
        await send()

    assert fake_smtp.tries == 2
    assert caught.value.key == "errors.email_unavailable"


async def test_a_final_refusal_is_not_tried_again(fake_smtp: FakeMailServer, caplog):
    fake_smtp.will("550 No such person")

    with pytest.raises(EmailFailed):
        await send()

    assert fake_smtp.tries == 1
    assert TO not in caplog.text
    assert "123456" not in caplog.text


async def test_a_silent_server_is_left_and_not_asked_again(fake_smtp: FakeMailServer, monkeypatch):
    monkeypatch.setattr(email, "TRY_SECONDS", 0.15)
    fake_smtp.stall = 1
    started = time.perf_counter()

    with pytest.raises(EmailFailed):
        await send()

    assert time.perf_counter() - started < 0.8
    assert fake_smtp.tries == 1


async def test_nobody_listens(setting):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        setting(smtp_url=SecretStr(f"smtp://127.0.0.1:{free.getsockname()[1]}?tls=none"))

        with pytest.raises(EmailFailed):
            await send()


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://host:notaport"])
async def test_a_setting_that_is_no_mail_server(setting, url: str):
    setting(smtp_url=SecretStr(url))

    with pytest.raises(EmailFailed):
        await send()


async def test_no_mail_server_configured(setting):
    setting(smtp_url=None)

    with pytest.raises(EmailFailed):
        await send()


@pytest.mark.parametrize(
    ("url", "port", "encrypted", "starttls"),
    [
        ("smtp://mail.example", 587, False, True),
        ("smtp://mail.example:25?tls=none", 25, False, False),
        ("smtps://mail.example", 465, True, False),
    ],
)
def test_what_a_url_means(setting, url: str, port: int, encrypted: bool, starttls: bool):
    setting(smtp_url=SecretStr(url))

    server = email._server()

    assert (server.port, server.encrypted, server.starttls) == (port, encrypted, starttls)
    assert server.user is None
