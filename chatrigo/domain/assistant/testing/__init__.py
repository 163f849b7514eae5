"""
The owner's own tests: what a customer says, and what the answer must hold.

facts      whether a text holds a fact, with amounts and times by value
cases      the set: find, add, change, switch off, delete
proposal   a test made of a real conversation
spreadsheet  the set as a CSV file, in and out
runs       the set run over the draft and the published version
"""
