// The explorer: Swagger UI, which sends each call with credentials that work, and code beside the call.
const CREDENTIALS = /^(authorization|x-auth-token|access-token)$/i;
const SIGNED = /[?&](access_token|OSSAccessKeyId|x-oss-credential)=/;
const LANGUAGE = "mockcbs_language";
const header = document.body.dataset.header;
const zh = document.documentElement.lang === "zh-CN";
const NAMED = /^(.*?)(?: · (.+)| \(([^()]*[\u4e00-\u9fff][^()]*)\))$/s;
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
    return element("section", { className: "samples", "data-language": shown.language }, element("h4", null, zh ? "示例代码" : "Code"), element("div", { role: "tablist" }, tabs, copy), element("pre", null, element("code", null, shown.code)));
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

/** The document in Chinese: names of its operations first, and the descriptions that have a translation. */
function inChinese(text, { names, descriptions }) {
  const described = (value) => { const [first, ...rest] = value.split("\n\n"); return descriptions[value] || [descriptions[first] || first, ...rest].join("\n\n"); };
  const content = JSON.parse(text, (name, value) => (name === "description" && typeof value === "string" ? described(value) : value));
  for (const operations of Object.values(content.paths || {})) {
    for (const one of Object.values(operations)) {
      const [, meaning, ...found] = NAMED.exec(one.summary) || [];
      const name = names[one.operationId] || found[0] || found[1];
      if (name) one.summary = `${name} · ${meaning || one.summary}`;
    }
  }
  return JSON.stringify(content);
}

/** Swagger UI has no translations: the words that stand alone in an element are replaced as they appear. */
function translate(words) {
  const known = new Map(Object.entries(words));
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const word = known.get(node.data.trim());
      if (word && !node.parentElement?.closest("pre, code, .markdown, .model, option")) node.data = word;
    } else if (node.placeholder && known.has(node.placeholder)) node.placeholder = known.get(node.placeholder);
    node.childNodes.forEach(visit);
  };
  const observer = new MutationObserver((changes) => changes.forEach(({ target, addedNodes }) => { addedNodes.forEach(visit); if (target.nodeType === Node.TEXT_NODE) visit(target); }));
  observer.observe(document.getElementById("explorer"), { childList: true, subtree: true, characterData: true });
}

document.getElementById("language").addEventListener("click", () => {
  document.cookie = `mockcbs_lang=${zh ? "en" : "zh"}; path=/_mockcbs; max-age=31536000; samesite=strict`;
  location.reload();
});

async function open() {
  const setup = await api("docs/setup");
  if (zh) translate(setup.words);
  window.ui = SwaggerUIBundle({
    dom_id: "#explorer",
    urls: setup.documents,
    layout: "StandaloneLayout",
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [samples, () => ({ statePlugins: { spec: { wrapActions: { updateSpec: (update) => (text) => update(zh ? inChinese(text, setup) : text) } } } })],
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
  told.textContent = `${zh ? "无法显示 API 调试" : "The explorer cannot be shown"}: ${error.message}`;
  document.getElementById("explorer").replaceChildren(told);
});
