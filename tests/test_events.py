"""Who hears of what."""

from chatrigo.events import Hub, MessageAdded, SettingsChanged


def test_a_subscriber_of_one_conversation_hears_nothing_of_others() -> None:
    hub = Hub()
    mine, other = MessageAdded(1, 10, "mine"), MessageAdded(1, 11, "other")
    of_business = SettingsChanged(1, "labels")

    with hub.subscribe(1, 10) as news:
        for fact in (other, mine, of_business, MessageAdded(2, 10, "another business")):
            hub.publish(fact)

        assert news.waiting() == [mine, of_business]


def test_a_subscriber_may_learn_later_which_conversation_it_is() -> None:
    hub = Hub()
    before, mine, other = (MessageAdded(1, id, "text") for id in (11, 10, 11))

    with hub.subscribe(1) as news:
        hub.publish(before)
        news.only(10)
        hub.publish(mine)
        hub.publish(other)

        assert news.waiting() == [before, mine]
