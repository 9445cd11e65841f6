"""The messages of the YAML parser in plain words."""

_YAML_WORDS = {
    "nesting depth": "nested too deeply",
    "could not determine a constructor for the tag": "an unknown tag ({}); leave it out",
    "found character that cannot start any token": "an unexpected character: indent with blanks, "
    "not tabs, and quote texts that begin with % @ or `",
    "found undefined alias": "an alias (*name) for which no value is marked (&name)",
    "but found another document": "a second document begins here; a file must have only one",
    "mapping values are not allowed": "an unexpected colon; quote a text with a colon",
    "did not find expected node content": "a value or a closing bracket is missing here",
    "did not find expected key": "a key of this mapping is missing here; check the indentation above",
    "did not find expected '-' indicator": "an item of this list is missing here; it begins with '-'",
    "found unexpected end of stream": "the file ends in the middle of a text; a quote is missing",
    "could not find expected ':'": "a key without a colon",
    "unacceptable character": "a control character; write it as an escape in double quotes",
    "control characters are not allowed": "a control character; write it as an escape in double quotes",
}
"""Our words for the parser's messages, by the beginning or a part of each."""


def plain(problem: str) -> str:
    """A message of the YAML parser in words for people who write YAML now and then."""
    for begin, words in _YAML_WORDS.items():
        if begin in problem:
            return words.format(problem.rpartition(" ")[2])
    return problem
