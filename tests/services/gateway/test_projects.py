"""Projects and regions of an account."""

from mockcbs.services.gateway.projects import (
    DEFAULT_PROJECT,
    project_id,
    region_of_host,
    region_of_name,
    region_of_project,
)


def test_a_project_leads_back_to_its_region():
    """The id of a region's project determines the region; other ids do not."""
    assert region_of_project(project_id("cn-north-1")) == "cn-north-1"
    assert region_of_project(DEFAULT_PROJECT) == "cn-north-4"
    assert region_of_project("0" * 32) is None


def test_regions_in_names():
    """Hosts and names of projects contain the region; global hosts and hosts of a user do not."""
    assert region_of_host("cbs-ext.cn-north-4.myhuaweicloud.com") == "cn-north-4"
    assert region_of_host("iam.myhuaweicloud.com") is None
    assert region_of_host("localhost") is None
    assert (region_of_name("cn-north-4"), region_of_name("cn-north-4_sub")) == ("cn-north-4", "cn-north-4")
