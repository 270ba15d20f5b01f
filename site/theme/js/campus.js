/* Four things, all optional: a light/dark switch, filters kept in the address, a count said politely, and a
   glossary word unfolded when a link leads to it.
   Every page works without this file. */
(function () {
  "use strict";
  var root = document.documentElement, KEY = "pmcampus-scheme";
  function stored() { try { return localStorage.getItem(KEY); } catch (e) { return null; } }
  function keep(value) { try { localStorage.setItem(KEY, value); } catch (e) { /* private window: forget it */ } }
  if (/^(light|dark)$/.test(stored() || "")) root.dataset.scheme = stored();

  function dark() {
    return root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function schemeSwitch() {
    var bar = document.querySelector(".top > .wrap");
    if (!bar) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "scheme";
    function say() {
      button.setAttribute("aria-label", dark() ? "Use light colours" : "Use dark colours");
      button.title = button.getAttribute("aria-label");
    }
    button.innerHTML = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M20 14.5A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z"/></svg>';
    button.addEventListener("click", function () {
      root.dataset.scheme = dark() ? "light" : "dark";
      keep(root.dataset.scheme);
      say();
    });
    say();
    bar.insertBefore(button, bar.querySelector(".menu"));
  }

  function filters(form) {
    var chosen = new URLSearchParams(location.search);
    var live = document.createElement("p");
    live.className = "vh";
    live.setAttribute("role", "status");
    form.appendChild(live);
    form.querySelectorAll("input[type=radio]").forEach(function (input) {
      if (chosen.get(input.name) === input.value) input.checked = true;
    });
    form.addEventListener("change", function () {
      var query = new URLSearchParams();
      new FormData(form).forEach(function (value, name) { if (value !== "all") query.set(name, value); });
      history.replaceState(null, "", location.pathname + (query.size ? "?" + query : "") + location.hash);
      var items = document.querySelectorAll(form.dataset.counts), seen = 0;
      items.forEach(function (item) { if (item.offsetParent !== null) seen += 1; });
      live.textContent = seen + " of " + items.length + " " + form.dataset.noun + " shown";
    });
  }

  function unfold() {
    var there = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var folded = there && there.matches(".word") && there.querySelector("details");
    if (folded) { folded.open = true; there.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);

  document.addEventListener("DOMContentLoaded", function () {
    schemeSwitch();
    unfold();
    document.querySelectorAll("form.filters").forEach(filters);
  });
})();
