"use strict";

// Without this script the form takes the access itself, and the browser shows the file on its own page.
const form = document.querySelector("form");
const video = document.querySelector("video");
const before = document.getElementById("before");
const stage = document.getElementById("stage");
const during = document.getElementById("during");
const after = document.getElementById("after");

const MOST_FAILURES = 6; // in a row: with twice the pause each time, two minutes

// The server knows no time zone of people and writes UTC; their browser knows theirs.
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  month: "long",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  numberingSystem: "latn",
});
for (const time of document.querySelectorAll("time")) {
  time.textContent = clock.format(new Date(time.dateTime));
}

async function take() {
  try {
    // The answer is a redirection to the file, which the player asks for itself, in parts.
    const answer = await fetch(location.href, { method: "POST", redirect: "manual" });
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

if (form && video) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    if (!(await take())) {
      form.submit(); // the answer to it says in words what is wrong
      return;
    }
    before.hidden = true;
    stage.hidden = false;
    video.src = video.dataset.src;
    video.focus(); // the button that had the focus is gone
    video.play().catch(() => {}); // some browsers want a second press
  });
}

if (video) {
  video.addEventListener("ended", () => {
    if (during) during.hidden = true;
    after.hidden = false;
    fetch(location.href, { method: "DELETE", keepalive: true }).catch(() => {});
  });
  let failures = 0;
  video.addEventListener("playing", () => {
    failures = 0;
  });
  video.addEventListener("error", async () => {
    // Whoever comes back to a paused video when its time is over is told so.
    const answer = await fetch(location.href, { method: "HEAD" }).catch(() => null);
    if (answer?.status === 410) {
      location.reload();
    } else if (failures < MOST_FAILURES) {
      // A tunnel, a store that is down, too many who look at once: the access is kept, so it goes on from here.
      failures += 1;
      const seconds = video.currentTime;
      await new Promise((wake) => setTimeout(wake, 1000 * 2 ** failures));
      video.load();
      video.currentTime = seconds;
      video.play().catch(() => {});
    }
  });
}
