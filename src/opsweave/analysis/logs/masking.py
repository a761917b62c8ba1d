"""What in a log line is a value by its looks: numbers, addresses, paths, times, ids.

No rule is made for one system. Where a value ends follows the guidelines for correct templates of
Z. A. Khan, D. Shin, D. Bianculli, L. Briand, "Guidelines for Assessing the Accuracy of Log Message
Template Identification Techniques" (ICSE 2022): a word of digits is a value, a word that holds a
value is one wholly, so is a path, and true, false, null, root, admin are values.
"""

from __future__ import annotations

import re

WILD = "<*>"
VALUE, TIME, PATH, EMPTY = "\x01", "\x02", "\x03", "\x04"
"""Marks that stand for what was masked; no line may bring its own (see ``clean``)."""
MARK = re.compile("[\x01-\x04]")
_MARKS = dict.fromkeys(range(1, 17), " ")

_IP = r"\d{1,3}(?:\.\d{1,3}){3}"
_LABEL = r"[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?"
_CLOCK = r"\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
_DAY = r"(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}|\d\d?[-/][A-Z][a-z]{2}[-/]\d{2,4})"
_PART = r"[^\s,!;:=|\"'\[\](){}<>/\\]"
_ZONE = r"(?:com|net|org|edu|gov|mil|local|localdomain|internal|lan)(?:\.[a-z]{2})?"
_CO = r"(?:ac|co|or|ne|go)\.[a-z]{2}"
_HEX = "[0-9a-fA-F]"
_SOURCE = "(?:java|scala|kt|py|rb|go|rs|c|cc|cpp|h|hpp|js|ts|cs|php|pl|sh|xml|json|conf|log|txt)"
_FEW = r"(?i:x|i|amd|arm|win|u?int|float|sha|utf|iso|base|aes|rsa|crc|md|ipv|e)"
"""Names of techniques with digits, as x86 or SHA256."""

_RULES = {
    "path_url": r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\",;()\[\]{}<>|]*[^\s'\",;()\[\]{}<>|.:!?]",
    "value_mail": r"(?<![\w.])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w.])",
    "value_uuid": rf"(?<![\w-])(?:[A-Za-z]+[-_])?"
    rf"{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}(?![\w-])",
    "value_mac": rf"(?<![\w:.-])(?:{_HEX}{{2}}[:-]){{4,19}}{_HEX}{{2}}(?![\w:-])",
    "value_ip6": rf"(?<![\w:])(?=[^\s]{{0,39}}\d)(?:(?:{_HEX}{{1,4}}:){{5,7}}{_HEX}{{1,4}}"
    rf"|(?:{_HEX}{{1,4}}:){{1,6}}(?::{_HEX}{{1,4}}){{1,6}}|::(?:{_HEX}{{1,4}}:){{0,6}}{_HEX}{{1,4}})(?![\w:])",
    "time_iso": rf"(?<![\w.]){_DAY}(?:[T_:]{_CLOCK})?(?!\w)|(?<![\w.:-]){_CLOCK}(?![\w:])",
    "value_ip": rf"(?<![\w.])(?:[\w.-]*/)?{_IP}(?:/\d+)?(?::\d+)?(?!\w|\.\w)",
    "value_port": rf"(?<![\w.-])(?:(?:{_LABEL}\.)+(?!{_SOURCE}:)[a-z][\w-]*|localhost"
    rf"|(?=[\w-]*\d){_LABEL}-{_LABEL}):\d+(?!\w)",
    "value_host": rf"(?<![\w.-])(?!(?:com|org|net|io|java|javax|sun|android|scala|akka|kotlin)\.)"
    rf"(?:{_LABEL}\.)+(?:{_ZONE}|{_CO})(?![\w.-])",
    "path_unix": rf"(?<![\w.)\]<])(?:[A-Za-z]:)?(?:/+{_PART}+)+/?(?<!\.)",
    "path_dos": rf"(?<![\w.)\]])(?:[A-Za-z]:\\|\\\\){_PART}*(?:\\+{_PART}*)*"
    rf"|(?<!\w)[\w.$-]+(?:\\{_PART}+)+",
    "path_here": r"(?<![\w/.])\.{1,2}/[\w./+-]+"
    r"|(?<![\w/])(?=[\d./+-]*[A-Za-z_])[\w.+-]+(?:/[\w.+-]+){2,}(?<![.,])",
    "value_0x": rf"(?<!\w)0[xX]{_HEX}+(?!\w)",
    "time_span": r"(?<!\w)\d+:\d\d:\w+(?:\.\d+)?(?!\w)",
    "value_version": r"(?<![\w.-])v?\d+(?:\.\d+)+(?:[\w.+~-]*\w)?(?!\w)",
    "value_node": r"(?<![\w-])(?=[\w-]*\d\w*[-_]\w*\d)[A-Za-z]\w*(?:-\w+)+(?!\w)",
    "value_number": r"(?<!\w)(?:(?<!\S)[<>~]=?)?(?:(?<![-+])[-+])?"
    r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)*(?:-\d+(?:\.\d+)+)*"
    r"(?:[eE][-+]\d+)?(?:[A-Za-z]{1,3}(?!\w))?(?!\w)",
    "value_digits": r"(?<!\w)\d\w*(?:\.\d+)*(?!\w)",
    "value_hex": rf"(?<!\w)(?=[a-fA-F]*\d){_HEX}{{6,}}(?!\w)|(?<!\w)(?:{_HEX}{{8}}){{1,8}}(?!\w)",
    "value_id": rf"(?<!\w)(?!{_FEW}[-_]\d)"
    r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z][A-Za-z0-9]*)*"
    r"[_-]{1,2}\d[A-Za-z0-9]*(?:(?:[._-]+[A-Za-z0-9]+)*[._-]+[A-Za-z]*\d[A-Za-z0-9]*)?(?![\w-])",
    "value_name": rf"(?<![\w-])(?!{_FEW}\d+(?!\w))[A-Za-z]+\d{{2,}}[A-Za-z]?\d*(?!\w)",
    "value_blob": r"(?<![\w/+])(?=[A-Za-z/+]*\d)(?=[a-z0-9/+]*[A-Z])(?=[A-Z0-9/+]*[a-z])"
    r"(?=(?:\D*\d+){3})[\w/+]{16,}={0,2}(?!\w)",
    "value_word": r"(?<![A-Za-z0-9_<>/])(?i:true|false|null|root|admin|n/a|nan)(?![A-Za-z0-9_<>/])",
}
_RULE = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in _RULES.items()))
_KIND = {"value": VALUE, "path": PATH, "time": TIME}
_OF = {name: _KIND[name.partition("_")[0]] for name in _RULES}
_PLAIN = re.compile(r"[A-Za-z]+[.,:;!?]?|[\W_]*")
_SAID = frozenset(("true", "false", "null", "root", "admin", "nan"))
_LETTERS = re.compile("(?:[a-f]{8}){1,8}|(?:[A-F]{8}){1,8}")
_LONGEST = 400
_ZEROS = str.maketrans("123456789", "000000000")
_QUICK = re.compile(
    rf"([(\[]?)(?:[-+]?\d+|0x{_HEX}+|/?{_IP}(?::\d+)?|(?=[a-f]*\d)[0-9a-f]{{6,}})([)\],;:]*)"
)
"""What most values are; the rules say the same of them."""


def clean(line: str) -> str:
    r"""The first line of ``line``, at most 4,000 characters of it, without marks.

    >>> clean("disk full\nTraceback ...")
    'disk full'
    """
    head = line[:4000].partition("\n")[0]
    if head.isprintable():
        return head
    return head.translate(_MARKS).encode("utf-8", "replace").decode()


def mask_word(word: str) -> str:
    r"""``word`` (no spaces) with marks for its values.

    >>> mask_word("uid=0"), mask_word("blk_-17,")
    ('uid=\x01', '\x01,')
    """
    if word.isalpha() or _PLAIN.fullmatch(word):
        if word in {"()", "[]"}:
            return f"{word[0]}{EMPTY}{word[1]}"
        bare = word.rstrip(".,:;!?")
        if bare.lower() in _SAID or _LETTERS.fullmatch(bare):
            return VALUE + word[len(bare) :]
        return word
    if len(word) > _LONGEST:
        return VALUE
    return _RULE.sub(_mark, word)


def _mark(match: re.Match[str]) -> str:
    """A name with digits before ``=`` is a key; before a first colon it is a label."""
    name, text, end = match.lastgroup or "", match.string, match.end()
    after = text[end : end + 1]
    if match[0][0].isalpha() and name.startswith("value"):
        if after == "=":
            return match[0]
        if name == "value_name" and after == ":" and match.start() == 0 and end + 1 == len(text):
            return match[0]
    return _OF[name]


class Words(dict[str, str]):
    """Masked words by word; what comes again costs one look-up. Forgets all when full.

    No rule asks which digit it is, so words that differ in digits only share what is found, unless
    a digit stays.
    """

    def __init__(self, most: int = 100_000) -> None:
        super().__init__()
        self._most = most
        self._alike: dict[str, str] = {}

    def __missing__(self, word: str) -> str:
        masked = self._masked(word)
        if len(word) <= 80:
            if len(self) >= self._most:
                self.clear()
            self[word] = masked
        return masked

    def _masked(self, word: str) -> str:
        if word.isalpha():
            return mask_word(word)
        quick = _QUICK.fullmatch(word)
        if quick is not None:
            return f"{quick[1]}{VALUE}{quick[2]}"
        alike = word.translate(_ZEROS)
        masked = self._alike.get(alike)
        if masked is None:
            masked = mask_word(alike)
            if len(self._alike) >= self._most:
                self._alike.clear()
            if len(word) <= 80:
                self._alike[alike] = masked
        return mask_word(word) if "0" in masked else masked


def mask(line: str) -> str:
    """Replace ids, addresses, times, paths and numbers by ``<*>``.

    >>> mask("user 42 from 10.0.0.1:80 took 3.5ms, id=0x1f")
    'user <*> from <*> took <*>, id=<*>'
    """
    words = clean(line).split()
    return MARK.sub(WILD, " ".join(map(mask_word, words)).replace(EMPTY, ""))
