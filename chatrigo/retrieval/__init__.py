"""Finding a shop's own knowledge for a question in everyday Indonesian.

`text` words to terms, `spelling` repair, `rank` BM25 and coverage, `gate` whether to answer,
`search` the same over the database.
"""
