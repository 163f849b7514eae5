"""
Conversations: what customers write, what the assistant and people answer.

receive    a customer's message comes in              rows      what screens are given
answer     what the assistant may do about it         listing   the inbox's list and counts
reply      a person answers or notes                  history   the messages of one conversation
turn       who answers next: take over, give back     standing  open, pending, resolved, labels
desk       all that an inbox screen shows at once
visitor    the customer's own view of it
"""
