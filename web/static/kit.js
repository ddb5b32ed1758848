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
// never while focus is inside them. New messages are announced once, in words.
const live = [...document.querySelectorAll("[data-kit-poll]")].filter((part) => part.id);
if (live.length) {
  const said = document.createElement("p");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);

  const ids = (part) => new Set([...part.querySelectorAll("[id]")].map((one) => one.id));

  const replace = (part, fresh) => {
    if (!fresh || fresh.innerHTML === part.innerHTML || part.contains(document.activeElement)) return;
    const known = ids(part);
    part.innerHTML = fresh.innerHTML;
    const news = [...part.querySelectorAll(".kit-msg[id], .kit-alert[id]")].filter((one) => !known.has(one.id));
    news.forEach((one) => one.classList.add("kit-new"));
    if (news.length) said.textContent = news.length === 1 ? "Something new has come in" : `${news.length} new`;
  };

  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Requested-With": "kit-poll" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      live.forEach((part) => replace(part, page.getElementById(part.id)));
    } catch {
      // Offline for a moment: what is on the screen stays.
    }
  };
  const every = Math.min(...live.map((part) => Number(part.dataset.kitPoll) || 30));
  setInterval(refresh, every * 1000);
}
