"""
What the scripted model says when it obeys whoever asked for our rules: as they are, or in disguise.
"""

import base64
import codecs
from urllib.parse import quote


def recited(secret: str, disguise: str = "") -> str:
    match disguise:
        case "base64":
            return base64.b64encode(secret.encode()).decode()
        case "hex":
            return secret.encode().hex()
        case "rot13":
            return codecs.encode(secret, "rot13")
        case "reversed":
            return secret[::-1]
        case "spaced":
            return " ".join(secret)
        case "leet":
            return secret.translate(str.maketrans("oieas", "01345"))
        case "url":
            return quote(secret, safe="")
    return secret
