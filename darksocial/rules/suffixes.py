"""Public suffixes: endings under which strangers have their sites, as far as one can mistake them.

Not the public suffix list, which changes every week: its forms, and the endings of the large
hosts. `localhost` and other names without a dot are hosts of somebody's own network.
"""

from __future__ import annotations

import re

# Every country's ending has two letters. Of the others only the old ones: `blog`, `dev` and
# `media` are also what people call a machine.
_TOP = re.compile(r"[a-z]{2}|com|net|org|edu|gov|mil|int|info|biz|arpa|xn--[a-z0-9-]+")
_SECOND = re.compile(
    r"(?:com?|net|org|edu|gov|gob|gouv|mil|ac)\.[a-z]{2}"
    r"|(?:ne|or|go|gr|lg|ed|ad)\.jp|(?:or|ne|go|re|pe)\.kr|(?:or|gv)\.at|(?:or|go|in|mi)\.th"
    r"|(?:ltd|plc|me|sch|nhs|police)\.uk|(?:id|asn)\.au|(?:or|go|web|sch|my)\.id"
    r"|(?:nom|adv|art|blog|eco|ind)\.br|(?:firm|gen|ind)\.in|(?:web|nom|law)\.za|k12\.tr"
)
_HOSTED = frozenset(
    {
        "github.io",
        "gitlab.io",
        "netlify.app",
        "vercel.app",
        "pages.dev",
        "workers.dev",
        "web.app",
        "firebaseapp.com",
        "appspot.com",
        "herokuapp.com",
        "azurewebsites.net",
        "cloudfront.net",
        "amazonaws.com",
        "onrender.com",
        "fly.dev",
        "surge.sh",
        "blogspot.com",
        "myshopify.com",
        "readthedocs.io",
    }
)


def is_public(host: str) -> bool:
    """Return whether a host (lower case, ASCII) is an ending of many owners' sites."""
    return bool(_TOP.fullmatch(host) or _SECOND.fullmatch(host)) or host in _HOSTED
