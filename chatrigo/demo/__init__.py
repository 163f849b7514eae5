"""An invented coffee shop in Bandung and the people who write to it: data, no database.

`shop.toml`, `people.toml` and `conversations/*.toml` hold the words; `shop.py` and `story.py` read
them into frozen rows.
"""
