from chatrigo.domain.learning.grouping import grouped


def test_questions_that_share_what_they_ask_belong_together():
    questions = [
        "brp ongkir ke surabaya kak?",
        "ada kopi decaf ga?",
        "ongkirnya ke surabaya berapa ya",
        "Halo min, kopi decafnya ready?",
        "parkirnya luas ga",
    ]
    assert grouped(questions) == [[0, 2], [1, 3], [4]]


def test_other_places_are_other_questions():
    assert grouped(["ongkir ke surabaya?", "ongkir ke medan?", "ongkir ke bali?"]) == [
        [0],
        [1],
        [2],
    ]


def test_questions_without_a_telling_word_stand_together():
    assert grouped(["??", "kak", "jual biji kopi?"]) == [[0, 1], [2]]


def test_somebody_else_may_know_that_two_mean_the_same():
    questions = ["bisa delivery?", "dianter ke rumah bisa?"]
    assert grouped(questions, lambda one, other: {one, other} == {0, 1}) == [[0, 1]]


def test_nothing_is_no_group():
    assert grouped([]) == []
