"""httpx clients are given a transport; so is cozepy, which is built on httpx."""

import httpx

from mockcbs import Mock

URL = (
    "https://cbs-ext.cn-north-4.myhuaweicloud.com/v1/1604d8170cd84440a81281e5a3a04f8b"
    "/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/keywords"
)

mock = Mock(seed=7)
with httpx.Client(transport=mock.httpx_transport(), headers={"X-Auth-Token": "any-token"}) as client:
    print(client.get(URL, params={"top": 3}).json())
    mock.scenario("empty-reply")
    try:
        client.get(URL)
    except httpx.RemoteProtocolError as error:
        print(error)
