'use strict';
// Calls CBS with the generic client of Huawei Cloud's Node SDK; there is no CBS package for Node.
//
// Usage: node session_stats.cjs BASE_URL SECRET_KEY PROJECT_ID|REGION
// Prints one JSON document: for each call its answer, or the fields of its error.

const { BasicCredentials, Region } = require('@huaweicloud/huaweicloud-sdk-core');
const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder');

const [baseUrl, secretKey, where] = process.argv.slice(2);
const BOT = '303a0a00-c88a-43e3-aa2f-d5b8b9832b02';

function connect() {
  const credentials = new BasicCredentials().withAk('MOCKCBSAK').withSk(secretKey);
  const builder = new ClientBuilder((client) => client).withCredential(credentials);
  if (/^[0-9a-f]{32}$/.test(where)) {
    credentials.withProjectId(where);
    return builder.withEndpoint(baseUrl).build();
  }
  credentials.withIamEndpoint(baseUrl);
  return builder.withRegion(new Region(where, baseUrl)).build();
}

async function call(client, tail, queryParams, bot = BOT) {
  try {
    return await client.sendRequest({
      method: 'GET',
      url: '/v1/{project_id}/qabots/{qabot_id}/' + tail,
      contentType: 'application/json',
      queryParams,
      pathParams: { qabot_id: bot },
      headers: {},
      data: {},
    });
  } catch (error) {
    const { name, httpStatusCode, errorCode, errorMsg, requestId } = error;
    return { name, httpStatusCode, errorCode, errorMsg, requestId };
  }
}

async function main() {
  const client = connect();
  const zone = { time_zone: '+08:00' };
  console.log(JSON.stringify({
    sessionStats: await call(client, 'requests/session-stats', { interval: 'week', ...zone }),
    replyRates: await call(client, 'requests/reply-rates', { domain: '桌面云', interval: 'week', ...zone }),
    hots: await call(client, 'qa-pairs/hots', { top: 3, exclude: true, domain_id: 'a;b' }),
    keywords: await call(client, 'requests/keywords', { top: 3 }),
    badInterval: await call(client, 'requests/session-stats', { interval: 'hour' }),
    serverError: await call(client, 'requests/keywords', {}, '00000000-0000-0000-0000-000000000031'),
    unknownPath: await call(client, 'requests/nothing', {}),
  }));
}

main();
