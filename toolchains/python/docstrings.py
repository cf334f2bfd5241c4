"""Reads what a docstring says of the function and of each parameter.

Parameters are understood in the two common styles: `:param name: text` and an `Args:` section.
"""

import re

FIELD = re.compile(r":(?:param|parameter|arg|argument)\s+(?:[^:]*?\s)?\**(?P<name>\w+)\s*:\s*(?P<text>.*)")
OTHER_FIELD = re.compile(r":\w+[^:]*:")
SECTION = re.compile(r"(?:args|arguments|parameters|params)\s*:\s*$", re.IGNORECASE)
ARGUMENT = re.compile(r"\**(?P<name>\w+)\s*(?:\([^)]*\))?\s*:\s*(?P<text>.*)")


def summary(docstring):
    """The first paragraph, on one line."""
    lines = []
    for line in docstring.strip().splitlines():
        if not line.strip() or OTHER_FIELD.match(line.strip()) or SECTION.match(line.strip()):
            break
        lines.append(line.strip())
    return " ".join(lines)


def parameter_texts(docstring):
    """`{parameter name: text}`."""
    texts = {}
    section_indent = argument_indent = None
    current = None
    for line in docstring.splitlines():
        text, indent = line.strip(), len(line) - len(line.lstrip())
        field = FIELD.match(text)
        if field:
            current, argument_indent, section_indent = field["name"], indent, None
            texts[current] = [field["text"]]
        elif SECTION.match(text):
            section_indent, argument_indent, current = indent, None, None
        elif not text or OTHER_FIELD.match(text):
            current = None
        elif section_indent is not None and indent <= section_indent:
            section_indent = current = None
        elif section_indent is not None and indent <= (indent if argument_indent is None else argument_indent):
            argument_indent = indent
            argument = ARGUMENT.match(text)
            current = argument and argument["name"]
            if argument:
                texts[current] = [argument["text"]]
        elif current:
            texts[current].append(text)
    return {name: " ".join(" ".join(parts).split()) for name, parts in texts.items() if any(parts)}
