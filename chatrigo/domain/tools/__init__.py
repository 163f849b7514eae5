"""
What the assistant may do besides talking.

tool        what a tool is: name, typed arguments, permission, effect, handler
products, hours, contact, follow_up   our own tools
http        the owner's own tools: requests to servers of theirs
registry    which tools a turn is offered, and whether a call is a proper one
calls       what was called, once per message however often its workflow runs
"""
