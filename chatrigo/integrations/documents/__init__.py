"""
Documents of strangers: files, pages and chats, read in a process of their own.

process   start that process, limited in time and memory, and hear what it found
reader    what runs in it; one module for each kind of document is imported there alone
"""
