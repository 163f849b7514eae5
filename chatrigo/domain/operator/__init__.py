"""
What our own team may do: see how businesses fare, suspend one, look into one that allowed it.

crossing    the one place that looks across businesses
businesses  the list, one business, usage over time
suspension  suspend and free
support     look into a business by its owner's consent
health      whether Chatrigo itself is well
"""
