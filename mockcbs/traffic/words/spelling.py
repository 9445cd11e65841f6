"""The usual spelling of words that many users write otherwise."""

_USUAL = (("登陆", "登录"), ("帐", "账"), ("双11", "双十一"), ("双12", "双十二"))
"""Texts, each followed by how it is read: both are widely used."""


def usual(text: str) -> str:
    """*text* with the usual spelling of such words: keywords and answers are those of these words."""
    for wrong, word in _USUAL:
        text = text.replace(wrong, word)
    return text
