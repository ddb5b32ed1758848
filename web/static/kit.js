// Small comforts. Every page works without this file.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported", "kit-js");
initAll();

// The menu of a narrow screen: all links show until this hides them behind a button.
const menu = document.querySelector(".kit-menu");
if (menu) {
  const parts = document.querySelectorAll("#nav, .kit-search");
  const shut = (yes) => {
    parts.forEach((part) => part.classList.toggle("kit-shut", yes));
    menu.setAttribute("aria-expanded", String(!yes));
  };
  menu.hidden = false;
  shut(true);
  menu.addEventListener("click", () => shut(menu.getAttribute("aria-expanded") === "true"));
}

// Ctrl + Enter sends what is being written.
document.querySelectorAll("form[data-kit-send]").forEach((form) => {
  form.querySelectorAll(".kit-shortcut").forEach((hint) => { hint.hidden = false; });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit(form.querySelector("button[value=send]"));
    }
  });
});

// Parts that change while somebody looks: the page is asked for again and only these are replaced,
// never while focus is inside them. New messages are announced once, in words. A part may name another
// address to be asked for; a page that answers a form has only such parts.
const answers = "kitAnswer" in document.body.dataset;
const live = [...document.querySelectorAll("[data-kit-poll]")].filter(
  (part) => part.id && !(answers && !part.dataset.kitFrom),
);
if (live.length) {
  const said = document.createElement("p");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);

  const stale = document.createElement("p");
  stale.className = "kit-stale";
  stale.setAttribute("role", "alert");
  document.querySelector("main").prepend(stale);

  const clock = () =>
    new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
  const updated = new Map();
  const tell = () => {
    const oldest = [...updated.values()].find((one) => one.failed);
    const words = oldest ? `Not updated since ${oldest.at}. Load the page again, or ring if it is urgent.` : "";
    if (stale.textContent !== words) stale.textContent = words;
  };

  const ids = (part) => new Set([...part.querySelectorAll("[id]")].map((one) => one.id));

  const replace = (part, fresh) => {
    if (!fresh || fresh.innerHTML === part.innerHTML || part.contains(document.activeElement)) return;
    const known = ids(part);
    part.innerHTML = fresh.innerHTML;
    const news = [...part.querySelectorAll(".kit-msg[id], .kit-alert[id]")].filter((one) => !known.has(one.id));
    news.forEach((one) => one.classList.add("kit-new"));
    if (news.length) said.textContent = news.length === 1 ? "Something new has come in" : `${news.length} new`;
  };

  const refresh = async (address, parts) => {
    if (document.hidden) return;
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "kit-poll" } });
      if (answer.redirected) {
        // The session is over: nothing of it stays on the screen, and the browser is sent to the door.
        if (answers) location.replace("/");
        else location.reload();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      parts.forEach((part) => replace(part, page.getElementById(part.id)));
      updated.set(address, { at: clock(), failed: false });
    } catch {
      // What is on the screen stays, and says how old it is.
      updated.get(address).failed = true;
    }
    tell();
  };

  const groups = new Map();
  live.forEach((part) => {
    const address = part.dataset.kitFrom || location.href;
    groups.set(address, [...(groups.get(address) || []), part]);
  });
  groups.forEach((parts, address) => {
    updated.set(address, { at: clock(), failed: false });
    const every = Math.min(...parts.map((part) => Number(part.dataset.kitPoll) || 30));
    setInterval(() => refresh(address, parts), every * 1000);
  });
}
