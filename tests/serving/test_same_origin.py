"""The bundle's addresses come from the browser's location."""

import pytest

from chatrigo.serving.same_origin import SameOrigin, from_location

CHUNK = (
    'var e={PING:`http://localhost:8000/ping`,EVENT:"ws://localhost:8000/_event",T:`websocket`};'
)


def test_every_address_is_made_from_location() -> None:
    javascript = from_location(CHUNK)
    assert "localhost:8000" not in javascript
    assert javascript.count("globalThis.location") == 2
    assert javascript.endswith('.replace(/^http/,"ws")+"/_event",T:`websocket`};')


def test_a_build_that_it_does_not_understand_fails(tmp_path) -> None:
    with pytest.raises(RuntimeError, match="no addresses"):
        from_location("var e={};")
    with pytest.raises(RuntimeError, match="no reflex-env chunk"):
        SameOrigin().post_build(static_dir=tmp_path)
