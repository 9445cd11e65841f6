"""The explorer: a page that works offline, filled with credentials, from which calls can be sent."""

import re
import shutil

import pytest

from mockcbs import Settings, create_app
from mockcbs.console import explorer
from tests.conftest import NOW
from tests.servers import served

CHROMIUM = shutil.which("chromium")


def test_the_page_loads_only_what_mockcbs_serves(client):
    """No script and no style of another host, and a policy that forbids them."""
    page = client.get("/_mockcbs/docs")

    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "default-src 'none'; script-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["swagger-ui.css", "swagger-ui-bundle.js"])
def test_parts_come_from_the_package(client, name):
    """A browser with cached files gets 304 if they have not changed."""
    first = client.get(f"/_mockcbs/docs/parts/{name}")
    again = client.get(f"/_mockcbs/docs/parts/{name}", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert len(first.data) > 10_000


@pytest.mark.parametrize("name", ["index.html", "..%2Fflask_swagger_ui.py"])
def test_other_files_of_the_package_are_not_served(client, name):
    """Only the files that the page loads are served."""
    assert client.get(f"/_mockcbs/docs/parts/{name}").status_code == 404


def test_without_the_extra_the_page_names_it(client, monkeypatch):
    """Without the extra, the page names it, and the rest of the mock works."""
    monkeypatch.setattr(explorer, "_PACKAGE", "no_such_package")

    answer = client.get("/_mockcbs/docs")

    assert (answer.status_code, answer.json["title"]) == (501, "Not Implemented")
    assert "pip install 'mockcbs[console]'" in answer.json["detail"]
    assert client.get("/_mockcbs/health").status_code == 200


def test_the_setup_has_credentials_that_work():
    """Also a strict mock accepts each value of a header as it is filled in."""
    client = create_app(Settings(now=NOW, strict=True)).test_client()

    values = client.get("/_mockcbs/docs/setup").json["credentials"]

    calls = {
        "/v3/projects": {"X-Auth-Token": values["HuaweiToken"]},
        "/v1/users/me": {"Authorization": f"Bearer {values['CozeToken']}"},
        "/open-apis/im/v1/chats": {"Authorization": f"Bearer {values['FeishuToken']}"},
        "/v0/meta/whoami": {"Authorization": f"Bearer {values['AirtableToken']}"},
    }
    for path, headers in calls.items():
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.json.get("code", 0)) == (200, 0), path


def test_a_guarded_mock_keeps_its_credentials():
    """The page is open without signing in; the data that it would fill in are not."""
    client = create_app(Settings(now=NOW, control_token="open")).test_client()

    assert client.get("/_mockcbs/docs").status_code == 200
    assert client.get("/_mockcbs/docs/setup").status_code == 401


def test_the_page_in_the_language_of_the_browser(client):
    """The page is in Chinese if the browser prefers it or the switch was set to it."""
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9"}

    assert '<html lang="en">' in client.get("/_mockcbs/docs").text
    assert "API 调试" in client.get("/_mockcbs/docs", headers=chinese).text
    assert client.get("/_mockcbs/docs/setup").json["names"] == {}
    client.set_cookie("mockcbs_lang", "zh", path="/_mockcbs")
    assert "API 调试" in client.get("/_mockcbs/docs").text
    assert client.get("/_mockcbs/docs/setup").json["words"]["Execute"] == "发送"


OPERATIONS = {
    "Huawei Cloud CBS": "cbs_session_stats",
    "Huawei Cloud IAM": "iam_list_projects",
    "Coze": "coze_bot_analytics",
    "Feishu": "feishu_search_records",
    "Airtable": "airtable_list_records",
    "Tencent Docs": "tencent_docs_use_sheet",
    "Aliyun OSS": "oss_put_bucket",
    "mockcbs control API": "control_health",
}


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("document", "strict"),
    [
        *((document, False) for document in OPERATIONS),
        ("Huawei Cloud IAM", True),
        ("Aliyun OSS", True),
    ],
)
def test_execute_works_at_once(browser, document, strict):
    """A call of each service succeeds without typing a key, and the page shows code for it."""
    with served(create_app(Settings(strict=strict))) as url:
        page = browser.new_page()
        foreign, errors = [], []
        page.on("request", lambda sent: foreign.append(sent.url) if not _is_own(sent.url, url) else None)
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(f"{url}/_mockcbs/docs?urls.primaryName={document}")
        operation = page.locator(f".opblock[id$='-{OPERATIONS[document]}']")
        operation.locator(".opblock-summary-control").click()
        operation.locator(".samples").wait_for()

        operation.locator("button.execute").click()
        status = operation.locator(".live-responses-table .response .response-col_status")
        status.wait_for()

        assert status.inner_text().strip()[:3] == "200"
        assert "curl" in operation.locator(".samples pre").inner_text()
        operation.locator(".samples button", has_text="Node fetch").click()
        assert "fetch(" in operation.locator(".samples pre").inner_text()
        assert (foreign, errors) == ([], [])
        page.close()


@pytest.mark.browser
def test_in_chinese(browser):
    """Chinese names come first, Swagger UI is translated, calls work, and the switch returns to English."""
    with served(create_app(Settings())) as url, browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.goto(f"{url}/_mockcbs/docs?urls.primaryName=Coze")
        operation = page.locator(".opblock[id$='-coze_bot_analytics']")
        summary = operation.locator(".opblock-summary-description").inner_text()
        operation.locator(".opblock-summary-control").click()
        operation.locator("button.execute", has_text="发送").click()
        status = operation.locator(".live-responses-table .response .response-col_status")
        status.wait_for()

        assert re.match("[\u4e00-\u9fff]", summary)
        assert status.inner_text().strip()[:3] == "200"
        assert operation.locator(".samples .copy").inner_text() == "复制"
        page.get_by_role("button", name="English").click()
        page.wait_for_selector("html[lang=en]")
        found = operation.locator(".opblock-summary-description").inner_text()
        assert not re.match("[\u4e00-\u9fff]", found)


@pytest.mark.browser
def test_descriptions_in_chinese(browser):
    """Parameters, statuses and groups of operations are described in Chinese."""
    with served(create_app(Settings())) as url, browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.goto(f"{url}/_mockcbs/docs?urls.primaryName=mockcbs control API")
        operation = page.locator(".opblock[id$='-control_list_tables']")
        operation.locator(".opblock-summary-control").click()

        parameters = operation.locator(".parameters").first.inner_text()
        statuses = operation.locator(".responses-table").first.inner_text()

        assert "每个数据表最多返回的行数。" in parameters
        assert "成功" in statuses


def _is_own(target: str, url: str) -> bool:
    return target.startswith((url, "data:", "blob:"))
