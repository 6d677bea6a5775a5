"""What reads badly on a page: a stray space, a wrong plural."""

import html
import re

NOT_WORDS = re.compile(r"<(script|style|svg|pre|textarea)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL)
CODE = re.compile(r"<code\b.*?</code\s*>", re.DOTALL)
INLINE = re.compile(r"</?(?:a|abbr|b|em|i|kbd|mark|q|small|span|strong|sub|sup|time)\b[^>]*>")
TAG = re.compile(r"<[^>]+>")
STRAY = (
    (re.compile(r" [.,)\]](?!\w)"), "a space before a sign"),
    (re.compile(r"[(\[] "), "a space after a bracket"),
    (re.compile(r"\b0 (?:j|jours?) ouvrés?\b|\b0 jours?\b"), "no day is written in words"),
    (
        re.compile(r"(?<![\w,] )\b1 (?:jours|prestations|solutions|dépôts|ouvrés)\b"),
        "1 is singular",
    ),
    (re.compile(r"(?<!\d )\b[02-9]\d* \w+\(s\)"), "a plural in brackets"),
)


def sentences(page: str):
    """What a reader sees, block by block: a tag inside a sentence does not end it."""
    blocks = TAG.split(INLINE.sub("", CODE.sub("¤", NOT_WORDS.sub("", page))))
    return (" ".join(html.unescape(block).split()) for block in blocks)


def faults(page: str):
    for sentence in sentences(page):
        for pattern, fault in STRAY:
            if match := pattern.search(sentence):
                yield fault, sentence[max(0, match.start() - 40) : match.end() + 20]
