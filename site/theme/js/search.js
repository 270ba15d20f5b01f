/* Asks pagefind's index, which lies beside these pages, and lists what it finds. */
const form = document.getElementById("search");
const input = form.querySelector("input");
const hits = document.getElementById("hits");
const said = document.getElementById("said");
let engine = null, asked = 0;

async function load() {
  if (!engine) {
    engine = await import(new URL(form.dataset.pagefind, location.href));
    await engine.options({ excerptLength: 24 });
  }
  return engine;
}

function entry(found) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = found.url;
  link.textContent = found.meta.title || found.url;
  const text = document.createElement("p");
  text.innerHTML = found.excerpt; // pagefind escapes the page's text and adds <mark> only
  item.append(link, text);
  return item;
}

async function ask() {
  const words = input.value.trim(), turn = ++asked;
  history.replaceState(null, "", location.pathname + (words ? "?q=" + encodeURIComponent(words) : ""));
  if (!words) { hits.replaceChildren(); said.textContent = ""; return; }
  try {
    const { results } = await (await load()).search(words);
    const first = await Promise.all(results.slice(0, 20).map((r) => r.data()));
    if (turn !== asked) return;
    hits.replaceChildren(...first.map(entry));
    said.textContent = results.length === 0 ? `Nothing found for “${words}”. Try one word, or another spelling.`
      : results.length > 20 ? `${results.length} pages found; the first 20 are shown.`
      : results.length === 1 ? "One page found." : `${results.length} pages found.`;
  } catch (problem) {
    hits.replaceChildren();
    said.textContent = "The search index could not be loaded. Every lesson is listed below.";
  }
}

let timer;
form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
input.value = new URLSearchParams(location.search).get("q") || "";
if (input.value) ask();
