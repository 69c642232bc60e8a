"""Who may see and do what: accounts, log-ins, API keys, shared reports, and what was done."""

from darksocial.accounts.account import (
    ANALYST,
    OWNER,
    READER,
    ROLES,
    Account,
    accounts,
    add_account,
    change_account,
    first_owner,
    remove_account,
    set_password,
    verified,
)
from darksocial.accounts.audit import entries, note
from darksocial.accounts.keys import Key, account_of_key, add_key, keys, remove_key
from darksocial.accounts.logins import account_of, begin, end, end_all, tidy
from darksocial.accounts.shares import Share, add_share, remove_share, share_of, shares

__all__ = [
    "ANALYST",
    "OWNER",
    "READER",
    "ROLES",
    "Account",
    "Key",
    "Share",
    "account_of",
    "account_of_key",
    "accounts",
    "add_account",
    "add_key",
    "add_share",
    "begin",
    "change_account",
    "end",
    "end_all",
    "entries",
    "first_owner",
    "keys",
    "note",
    "remove_account",
    "remove_key",
    "remove_share",
    "set_password",
    "share_of",
    "shares",
    "tidy",
    "verified",
]
