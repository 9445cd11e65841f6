"""The clients of the targets."""

from mockcbs import Settings, create_app
from mockcbs.contract.cbs import Cbs
from mockcbs.contract.coze import Coze
from tests.contract.coze_kits import kit_of


def test_a_run_has_one_client_of_each_kind():
    """So each check reads the responses that earlier ones have got; another run begins anew."""
    app = create_app(Settings(dataset="empty"))
    kit, other = (kit_of(app, writes=False) for _ in range(2))

    assert Coze.of(kit) is Coze.of(kit) is not Coze.of(other)
    assert Cbs.of(kit) is not Coze.of(kit)
    assert Cbs.of(kit).kit is kit
