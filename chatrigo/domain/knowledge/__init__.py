"""
What the owner teaches the assistant.

entries      question-answer pairs and short texts: find, add, change, switch off, delete
spreadsheet  the same as a CSV file, out and in
trial        what a question would find, and whether that is enough to answer
"""
