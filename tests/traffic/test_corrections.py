"""What users say who meant another question."""

from mockcbs.traffic.corrections import Asked, corrections
from mockcbs.traffic.knowledge import Utterance


def asked(**words: str) -> Asked:
    """A pair whose wordings have these keywords; users say that they meant it in all of them."""
    hits = [(Utterance(text, "direct"), frozenset(keywords.split())) for text, keywords in words.items()]
    return Asked(hits, [(Utterance("meant " + hit.template, "direct"), known) for hit, known in hits])


def found(*pairs: Asked) -> dict[str, list[str]]:
    return {hit.template: [one.template for one in said] for hit, said in corrections(pairs).items()}


def test_a_correction_shares_the_rarest_keyword():
    """Who asked about a printer means another question about printers, before one about anything common."""
    pairs = (asked(a="office printer"), asked(b="office"), asked(c="printer", d="office"), asked(e="office"))

    assert found(*pairs)["a"][:2] == ["meant c", "meant b"]


def test_corrections_are_about_other_pairs():
    """No correction is about the pair that answered, if another one shares a keyword."""
    said = found(asked(a="x", b="x"), asked(c="x"))

    assert said == {"a": ["meant c"], "b": ["meant c"], "c": ["meant a", "meant b"]}


def test_who_means_nothing_near_does_not_say_so():
    """Without a shared keyword users repeat themselves, or ask for something else in plain words."""
    said = found(asked(a="x"), asked(b="y"))

    assert said == {"a": ["meant a", "b", "b", "b"], "b": ["meant b", "a", "a", "a"]}
    assert found(asked(a="x")) == {"a": ["meant a"]}
