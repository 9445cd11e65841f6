"""Code with pyairtable."""

import pytest
from pyairtable import Api

from mockcbs.samples.request import Request
from mockcbs.services.airtable.samples import SDK
from mockcbs.settings import Settings
from tests.services.programs import check_calls, program, programs

PROGRAMS = programs(SDK, "airtable")
RECORDS = "http://127.0.0.1:8021/v0/appMockcbs0000001/Runs"


@pytest.mark.parametrize("operation", PROGRAMS)
def test_programs_call_what_the_sdk_has(operation):
    """A method of the client or of a table, with parameters that it takes."""
    api = Api("t")

    assert check_calls(PROGRAMS[operation], api=api, Api=Api, table=api.table("app1", "Runs")) >= 2


def test_options_of_a_list():
    """Names of the API become names of the SDK; fields and sorting become lists."""
    options = "pageSize=5&returnFieldsByFieldId=true&fields[]=a&fields[]=b"
    query = f"{options}&sort[0][field]=a&sort[0][direction]=desc"
    names = {"base_id": "appMockcbs0000001", "table_name": "Runs"}
    request = Request("GET", f"{RECORDS}?{query}", operation="airtable.list_records", names=names)

    code = SDK.write(request, Settings())

    assert 'table.all(page_size=5, use_field_ids=True, fields=["a", "b"], sort=["-a"])' in code


@pytest.mark.parametrize(
    ("operation", "method"),
    [
        ("create_records", "table.batch_create("),
        ("update_records", "table.batch_upsert("),
        ("delete_records", "table.batch_delete("),
        ("replace_record", "replace=True"),
    ],
)
def test_the_method_follows_from_the_body(operation, method):
    """The body decides the method: one record or several, changed or replaced."""
    assert method in program(SDK, f"airtable_{operation}")


def test_new_tables_have_no_method():
    """There is no program for creating a table, because the SDK has no method for it."""
    assert program(SDK, "airtable_create_base") is None
