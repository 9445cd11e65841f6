// Calls with fetch: node faults.cjs {URL SCENARIO PATIENCE_MS}...; an empty SCENARIO asks for none. Of each call
// prints the status, or the error's message and the code or name of the innermost one, and the body in Base64.
async function call(url, scenario, patience) {
  const headers = { "X-Auth-Token": "any-token", ...(scenario && { Prefer: `scenario=${scenario}` }) };
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(Number(patience)) });
    const body = Buffer.from(await answer.arrayBuffer());
    return `${answer.status} ${body.toString("base64")}`;
  } catch (error) {
    let inner = error;
    while (inner.cause) inner = inner.cause;
    const name = inner.name === "TimeoutError" ? inner.name : inner.code || inner.name;
    return `${error.message}/${name}`.replaceAll(" ", "_") + " ";
  }
}

async function main() {
  const asked = process.argv.slice(2);
  for (let place = 0; place < asked.length; place += 3) {
    console.log(await call(...asked.slice(place, place + 3)));
  }
}

main();
