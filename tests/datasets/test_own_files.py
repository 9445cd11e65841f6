"""A user's dataset file and that of its knowledge base."""

from mockcbs.datasets.own_files import files_of, read_source


def test_the_stamp_follows_every_file(tmp_path, monkeypatch):
    """The stamp differs after the dataset or its knowledge base has changed, and only then."""
    monkeypatch.chdir(tmp_path)
    dataset, knowledge = tmp_path / "mine.yaml", tmp_path / "answers.yaml"
    dataset.write_text("knowledge: answers.yaml\nbots: []\n", "utf-8")
    knowledge.write_text("pairs: []\n", "utf-8")

    first, files = read_source(dataset)
    same, _ = read_source(dataset)
    knowledge.write_text("pairs: [] # more\n", "utf-8")
    changed, _ = read_source(dataset)

    assert [file.name for file in files] == ["mine.yaml", "answers.yaml"]
    assert (first.name, first.file) == ("mine", str(dataset))
    assert first == same
    assert changed.text == first.text
    assert changed.stamp != first.stamp


def test_a_knowledge_base_of_mockcbs_is_no_file(tmp_path):
    """The name of a shipped knowledge base refers to no file of the user."""
    dataset = tmp_path / "mine.yaml"

    assert files_of(dataset, "knowledge: everyday\n") == (dataset,)
