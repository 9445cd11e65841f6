// The explorer: Swagger UI, which sends each call with credentials that work, and code beside the call.
const CREDENTIALS = /^(authorization|x-auth-token|access-token)$/i;
const SIGNED = /[?&](access_token|OSSAccessKeyId|x-oss-credential)=/;
const LANGUAGE = "mockcbs_language";
const header = document.body.dataset.header;
let operation = "";

async function api(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json", [header]: "1" }, body: JSON.stringify(body) };
  const response = await fetch(`/_mockcbs/${path}`, options);
  const content = await response.json();
  if (!response.ok) throw new Error(content.detail || response.statusText);
  return content;
}

async function authorize(request) {
  if (request.loadSpec) return request;
  const url = new URL(request.url, location.href);
  const headers = request.headers || {};
  if (operation.startsWith("control.")) {
    headers[header] = "1";
    return request;
  }
  if (SIGNED.test(url.search) || Object.keys(headers).some((name) => CREDENTIALS.test(name))) return request;
  const body = typeof request.body === "string" ? request.body : "";
  const made = await api("authorize", { operation, method: request.method || "GET", url: url.href, headers, body });
  request.url = made.url;
  request.headers = made.headers;
  return request;
}

function samples(system) {
  const { React } = system;
  const element = React.createElement;

  function Code({ load, about }) {
    const [found, setFound] = React.useState([]);
    const [language, setLanguage] = React.useState(localStorage.getItem(LANGUAGE) || "curl");
    React.useEffect(() => {
      let current = true;
      load().then((answer) => current && setFound(answer.samples), () => current && setFound([]));
      return () => { current = false; };
    }, [about]);
    const shown = found.find((one) => one.language === language) || found[0];
    if (!shown) return null;
    const choose = (name) => { localStorage.setItem(LANGUAGE, name); setLanguage(name); };
    const tabs = found.map((one) => element("button", { key: one.language, type: "button", role: "tab", "aria-selected": one === shown, onClick: () => choose(one.language) }, one.title));
    const copy = element("button", { key: "copy", type: "button", className: "copy", onClick: () => navigator.clipboard.writeText(shown.code) }, "Copy");
    return element("section", { className: "samples", "data-language": shown.language }, element("h4", null, "Code"), element("div", { role: "tablist" }, tabs, copy), element("pre", null, element("code", null, shown.code)));
  }

  const ofRequest = () => ({ request }) => {
    const sent = request.toJS();
    const body = typeof sent.body === "string" ? sent.body : "";
    const about = { method: sent.method, url: new URL(sent.url, location.href).href, headers: sent.headers || {}, body };
    return element(Code, { about: JSON.stringify(about), load: () => api("samples", about) });
  };
  const ofExample = (Original) => (props) => {
    const name = system.specSelectors.specJson().getIn(["paths", props.path, props.method, "operationId"]);
    const load = () => api(`samples?operation=${encodeURIComponent(name)}`);
    return element("div", null, props.tryItOutResponse || !name ? null : element(Code, { about: name, load }), element(Original, props));
  };
  const remember = (execute) => (asked) => {
    operation = asked.operation.get("x-mockcbs-operation") || "";
    return execute(asked);
  };
  return {
    wrapComponents: { curl: ofRequest, responses: ofExample },
    statePlugins: { spec: { wrapActions: { executeRequest: remember } } },
  };
}

async function open() {
  const setup = await api("docs/setup");
  window.ui = SwaggerUIBundle({
    dom_id: "#explorer",
    urls: setup.documents,
    layout: "StandaloneLayout",
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [samples],
    deepLinking: true,
    docExpansion: "list",
    filter: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    requestInterceptor: authorize,
    onComplete: () => {
      const schemes = window.ui.specSelectors.specJson().getIn(["components", "securitySchemes"]);
      Object.entries(setup.credentials).forEach(([name, value]) => schemes && schemes.has(name) && window.ui.preauthorizeApiKey(name, value));
    },
  });
}

open().catch((error) => {
  const told = document.createElement("p");
  told.className = "trouble";
  told.textContent = `The explorer cannot be shown: ${error.message}`;
  document.getElementById("explorer").replaceChildren(told);
});
