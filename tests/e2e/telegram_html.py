"""How Telegram reads the text of a message: its HTML, its entities, its length in UTF-16 units."""

import re
from typing import Any

from tests.e2e.telegram_errors import RefusedError

Entity = dict[str, Any]

_KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = r"&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));?"
_MARK = re.compile(rf"<|{_REFERENCE}", re.ASCII | re.IGNORECASE)
_REFERENCE_MARK = re.compile(_REFERENCE, re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"[^\s>]*", re.ASCII)
_END_TAG = re.compile(r"</([^\s>]*)\s*(>?)", re.ASCII)
_SPACES = re.compile(r"\s*", re.ASCII)
_ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[a-zA-Z0-9.-]*(?=[\s>])))?""", re.ASCII)


class MarkupError(ValueError):
    """The HTML is not what Telegram accepts; the text is Telegram's own."""


def read_text(params: dict[str, Any], name: str) -> dict[str, Any]:
    """Read the text or the caption of a call as Telegram does.

    Args:
        params: the parameters of the call.
        name: "text" or "caption".

    Returns:
        The fields of the message it becomes: what is visible, and its entities.

    Raises:
        RefusedError: Telegram does not accept the text.
    """
    entities_name, limit = {"text": ("entities", 4096), "caption": ("caption_entities", 1024)}[name]
    text, entities = params.get(name, ""), params.get(entities_name, [])
    if not text:
        raise RefusedError("message text is empty")
    mode = params.get("parse_mode", "").lower()
    if mode not in {"", "html"}:
        raise RefusedError("unsupported parse_mode")
    if mode == "html":
        try:
            text, entities = parse_html(text)
        except MarkupError as error:
            raise RefusedError(f"can't parse entities: {error}") from error
    text, entities = _trim(text, entities)
    if not text:
        raise RefusedError("text must be non-empty")
    if _utf16_length(text) > limit:
        raise RefusedError("message is too long" if name == "text" else "message caption is too long")
    return {name: text, entities_name: entities} if entities else {name: text}


def _utf16_length(text: str) -> int:
    """The length Telegram counts: characters outside the basic plane are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut the blank ends off a message and move its entities along."""
    lead = min([len(text) - len(text.lstrip(" \n")), *(entity["offset"] for entity in entities)])
    text = text[lead:].rstrip()
    end = _utf16_length(text)
    moved = [{**entity, "offset": entity["offset"] - lead} for entity in entities]
    kept = [entity for entity in moved if entity["offset"] < end]
    return text, [{**entity, "length": min(entity["length"], end - entity["offset"])} for entity in kept]


def parse_html(html: str) -> tuple[str, list[Entity]]:
    """Read a message in Telegram's HTML.

    One thing is stricter than Telegram: a closed but unknown reference such as `&nbsp;`, which
    Telegram would show to the reader letter by letter, is an error. A bare `&` is text.

    Args:
        html: the message as a bot sends it.

    Returns:
        The plain text and its entities.

    Raises:
        MarkupError: the HTML is not well-formed, or has tags Telegram does not know.
    """
    return _Parser(html).parse()


def _decode(reference: re.Match[str]) -> str | None:
    """The character a reference stands for; None when it stands for nothing."""
    hexadecimal, decimal, name = reference.groups()
    if name:
        return _CHARACTERS.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


class _Parser:
    def __init__(self, html: str) -> None:
        self.html = html
        self.plain = ""
        self.entities: list[Entity] = []
        self.open: list[tuple[str, dict[str, str], int]] = []

    def parse(self) -> tuple[str, list[Entity]]:
        at = 0
        while mark := _MARK.search(self.html, at):
            self.plain += self.html[at : mark.start()]
            if mark[0] == "<":
                is_end = self.html.startswith("</", mark.start())
                at = self._end_tag(mark.start()) if is_end else self._start_tag(mark.start())
            else:
                self.plain += self._reference(mark)
                at = mark.end()
        self.plain += self.html[at:]
        if self.open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return self.plain, sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))

    def _where(self, at: int) -> str:
        return f"at byte offset {len(self.html[:at].encode())}"

    def _reference(self, mark: re.Match[str]) -> str:
        character = _decode(mark)
        if character is None and mark[0].endswith(";"):
            raise MarkupError(f'Unsupported entity "{mark[0]}" {self._where(mark.start())}')
        return mark[0] if character is None else character

    def _start_tag(self, start: int) -> int:
        """Read a start tag and return where it ends."""
        word = _NAME.match(self.html, start + 1)
        if word is None or word.end() == len(self.html):
            raise MarkupError(f"Unclosed start tag {self._where(start)}")
        name = word[0].lower()
        if name not in _KINDS:
            raise MarkupError(f'Unsupported start tag "{name}" {self._where(start)}')
        attributes, end = self._attributes(name, start, word.end())
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" {self._where(start)}')
        self.open.append((name, attributes, _utf16_length(self.plain)))
        return end + 1

    def _attributes(self, name: str, start: int, at: int) -> tuple[dict[str, str], int]:
        """Read attributes up to the closing bracket and return where it is."""
        found: dict[str, str] = {}
        while True:
            if spaces := _SPACES.match(self.html, at):
                at = spaces.end()
            if self.html.startswith(">", at):
                return found, at
            attribute = _ATTRIBUTE.match(self.html, at)
            if attribute is None:
                raise MarkupError(f'Empty attribute name in the tag "{name}" {self._where(start)}')
            at = attribute.end()
            if at == len(self.html):
                raise MarkupError(f'Unclosed start tag "{name}" {self._where(start)}')
            if value := re.match(r"\s*=\s*(.?)", self.html[at:]):
                if value[1] in ("", '"', "'"):
                    raise MarkupError(f"Unclosed start tag {self._where(start)}")
                raise MarkupError(f"Unexpected end of name token {self._where(at + value.start(1))}")
            text = attribute[2] or ""
            text = text[1:-1] if text.startswith(('"', "'")) else text
            found[attribute[1]] = _REFERENCE_MARK.sub(lambda mark: _decode(mark) or mark[0], text)

    def _end_tag(self, start: int) -> int:
        """Read an end tag, note the entity it ends, and return where the tag ends."""
        if not self.open:
            raise MarkupError(f"Unexpected end tag {self._where(start)}")
        tag = _END_TAG.match(self.html, start)
        if tag is None or not tag[2]:
            raise MarkupError(f"Unclosed end tag {self._where(start)}")
        name, attributes, offset = self.open.pop()
        if tag[1] and tag[1].lower() != name:
            found = f'expected "</{name}>", found "</{tag[1].lower()}>"'
            raise MarkupError(f"Unmatched end tag {self._where(start)}, {found}")
        if length := _utf16_length(self.plain) - offset:
            self._note({"type": _KINDS[name], "offset": offset, "length": length}, attributes)
        return tag.end()

    def _note(self, entity: Entity, attributes: dict[str, str]) -> None:
        """Add an entity with what its attributes say."""
        kind, style = entity["type"], attributes.get("class", "")
        if kind == "text_link":
            shown = self.plain.encode("utf-16-le")[2 * entity["offset"] :].decode("utf-16-le")
            entity["url"] = attributes.get("href") or shown
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
            if not entity["custom_emoji_id"].isdecimal():
                raise MarkupError("Invalid custom emoji identifier specified")
        elif kind == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif kind == "code" and style.startswith("language-"):
            entity["language"] = style.removeprefix("language-")
        elif kind == "pre" and self.entities:
            inner = self.entities[-1]
            if "language" in inner and inner == {**inner, **entity, "type": "code"}:
                entity["language"] = self.entities.pop()["language"]
        self.entities.append(entity)
