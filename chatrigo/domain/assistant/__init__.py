"""
The assistant: what it may say, and when it must call a person.

policy    decides, before any model is asked        prompt       what the model is told
answer    stores an answer, unless it came too late handover     calls a person
wishes    words that mean "a person, please"        small_talk   hello, thanks, ok
"""
