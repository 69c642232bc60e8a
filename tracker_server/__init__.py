"""The public tracker: it appends each hit to its spool segment and answers.

It opens no database, and nothing in it imports the store.
"""
