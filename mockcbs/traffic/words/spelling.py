"""The usual spelling of words that many users write wrong, and do not know it."""

_USUAL = (("登陆", "登录"), ("帐", "账"))
"""Texts, each followed by how it is read: the input method offers both, and both are widely used."""


def usual(text: str) -> str:
    """*text* with the usual spelling of such words: keywords and answers are those of these words."""
    for wrong, word in _USUAL:
        text = text.replace(wrong, word)
    return text
