"""
Who works in a business, and how they come and go.

members      the list, roles, removing, leaving
ownership    handing the business over
invitations  asking people in by e-mail: invite, send again, take back
joining      what the invited person does with the link

Owners are managed by owners alone, and so are admins; admins manage everybody else. A business
always has an owner: whoever changes a team holds all its memberships until the commit.
"""
