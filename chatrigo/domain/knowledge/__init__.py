"""
What the owner teaches the assistant.

entries        question-answer pairs and short texts: find, add, change, switch off, delete
spreadsheet    the same as a CSV file, out and in
trial          what a question would find, and whether that is enough to answer
sources        files, pages and chats as their owner sees them; `importing` is the workflow's half
pieces         long texts cut into what is found and quoted; `source_pieces` lists them
chats          an exported chat read for questions and answers; `proposals` wait for approval
"""
