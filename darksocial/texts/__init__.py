"""What people read, in their language: texts, numbers and days. English stands in the code.

Every other language is one file beside this one, `<code>.po`.
"""

from darksocial.texts.language import LANGUAGES, Language, best, first_weekday
from darksocial.texts.words import Words, words_for

__all__ = ["LANGUAGES", "Language", "Words", "best", "first_weekday", "words_for"]
