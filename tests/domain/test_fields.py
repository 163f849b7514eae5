import pytest

from chatrigo.domain.fields import choice_of, line_of, text_of
from chatrigo.errors import Invalid


def test_a_text_keeps_its_lines_and_loses_what_nobody_sees():
    assert text_of(" satu\r\ndua\rtiga\x00\x07 \ud83d", "x.y", most=50) == "satu\ndua\ntiga"
    assert line_of("  satu \n dua\t", "x.y", most=50) == "satu dua"


@pytest.mark.parametrize("nonsense", [None, 7, [], {"a": 1}, b"abc", True])
def test_what_is_not_text_is_missing(nonsense):
    assert text_of(nonsense, "x.y", most=5) == ""
    with pytest.raises(Invalid) as refused:
        text_of(nonsense, "x.y", most=5, least=1)
    assert refused.value.key == "x.y_missing"


def test_a_text_that_is_too_long_says_how_long_it_may_be():
    assert text_of("a" * 5, "x.y", most=5) == "aaaaa"
    with pytest.raises(Invalid) as refused:
        text_of("a" * 6, "x.y", most=5)
    assert (refused.value.key, refused.value.values) == ("x.y_long", {"limit": 5, "length": 6})


@pytest.mark.parametrize("other", ["c", "", None, 1, ["a"]])
def test_a_choice_is_one_of_the_words(other):
    assert choice_of("a", "x.y", ("a", "b")) == "a"
    with pytest.raises(Invalid):
        choice_of(other, "x.y", ("a", "b"))
