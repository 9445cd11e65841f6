"""The rest of Coze: reading the plan, apps and folders."""

from mockcbs.contract.coze import Coze
from mockcbs.contract.kit import Kit, checks
from mockcbs.contract.targets import query

_NOBODY = "1"


@checks("coze.shape.benefits", "coze.benefits.plan", "coze.benefits.bad")
def test_benefits(kit: Kit) -> None:
    """The plan has exactly the benefits that are requested."""
    coze, path = Coze.of(kit), "/v1/commerce/benefit/benefits/get"
    for types in ([], ["api_run_qps"], ["api_run_qps", "call_tool_limit"]):
        asked = {"benefit_type_list": ",".join(types), "resource_id": "chat"} if types else {}
        answer = coze.get(path, query(**asked))
        found = coze.good("benefits", answer)
        listed = [one["benefit_type"] for one in found.get("benefit_info") or []]
        kit.expect("coze.benefits.plan", answer, listed, types, "types of benefits")
    coze.refused("coze.benefits.bad", coze.get(path, query(benefit_type_list="no_such")), 400, 4000)


@checks("coze.shape.apps", "coze.apps.pages", "coze.apps.required")
def test_apps(kit: Kit) -> None:
    """Apps are listed in pages; the page parameter has two names."""
    coze, path = Coze.of(kit), "/v1/apps"
    coze.refused("coze.apps.required", coze.get(path), 400, 4000)
    where = query(workspace_id=coze.workspace_id)
    answer = coze.get(path, where)
    listed = coze.good("apps", answer)
    for name in ("page_index", "page_num"):
        for page in (1, 2):
            answer = coze.get(path, f"{where}&page_size=1&{name}={page}")
            found = coze.good("apps", answer)
            expected = listed["items"][page - 1 : page]
            kit.expect("coze.apps.pages", answer, found["items"], expected, f"items of {name} {page}")
            kit.expect("coze.apps.pages", answer, found["total"], listed["total"], "total")


@checks(
    "coze.shape.folders",
    "coze.shape.folder",
    "coze.folders.found",
    "coze.folders.unknown",
    "coze.apps.required",
)
def test_folders(kit: Kit) -> None:
    """A folder read by id equals its entry in the list."""
    coze, path = Coze.of(kit), "/v1/folders"
    coze.refused("coze.folders.unknown", coze.get(f"{path}/{_NOBODY}"), 404, 4200)
    coze.refused("coze.apps.required", coze.get(path, query(folder_type="library")), 400, 4000)
    for kind in ("development", "library"):
        answer = coze.get(path, query(workspace_id=coze.workspace_id, folder_type=kind))
        found = coze.good("folders", answer)
        with kit.part():
            kinds = sorted({folder["folder_type"] for folder in found["items"]})
            expected = [kind] if found["items"] else []
            kit.expect("coze.folders.found", answer, kinds, expected, "folder_type")
        for folder in found["items"][:2]:
            answer = coze.get(f"{path}/{folder['id']}")
            kit.expect("coze.folders.found", answer, coze.good("folder", answer), folder, "folder")
