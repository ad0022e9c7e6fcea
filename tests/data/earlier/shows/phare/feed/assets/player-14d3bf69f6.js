// SPDX-License-Identifier: GPL-3.0-or-later
// What the page can do beyond its HTML: seek by chapter, sentence and address (#t=75), follow the voice in the
// transcript, word by word where their times are known, change the speed, obey the keyboard and the keys of headphones
// and lock screens, copy the link to a moment, and remember where the listener was. Needs nothing else.
"use strict";

(() => {
  const audio = document.querySelector("audio");
  const sentences = [...document.querySelectorAll("[data-t]")];
  const starts = sentences.map((sentence) => Number(sentence.dataset.t));
  const chapters = [...document.querySelectorAll(".chapters a")];
  const opens = chapters.map((chapter) => seconds(chapter.hash));
  const speeds = [...document.querySelectorAll("[data-speed]")];
  const now = document.querySelector(".now");
  const place = "podcast:" + audio.dataset.guid;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const LATE_S = 0.05; // players land a little before the time they were asked for

  // Seconds that an address such as #t=75, #t=75.28 or #t=1:15 names, else NaN.
  function seconds(hash) {
    const found = /^#t=(\d+(?::\d+)*(?:\.\d+)?)/.exec(hash);
    return found ? found[1].split(":").reduce((sum, part) => sum * 60 + Number(part), 0) : NaN;
  }

  // Browsers may forbid storage, or have none for files: then nothing is remembered.
  function recall(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }
  function remember(key, value) {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch {
      return; // as above
    }
  }

  // --- follow the voice

  let current = null;
  let opened = null; // the chapter
  let following = true; // until the reader scrolls away from the sentence; back at it, again
  let saved = 0;

  function inView(element) {
    const { top, bottom } = element.getBoundingClientRect();
    const hidden = document.querySelector(".player").getBoundingClientRect().bottom;
    return top >= Math.max(0, hidden) && bottom <= innerHeight * 0.9;
  }

  // In a long list of chapters the one that is heard stays in sight; the page itself does not move for it.
  function reveal(chapter) {
    const list = document.querySelector(".chapters");
    const [around, own] = [list, chapter].map((one) => one?.getBoundingClientRect());
    if (own && (own.top < around.top || own.bottom > around.bottom)) {
      list.scrollTop += own.top - around.top - (around.height - own.height) / 2;
    }
  }

  function mark(elements, index, value) {
    for (const other of elements) if (other !== elements[index]) other.removeAttribute("aria-current");
    elements[index]?.setAttribute("aria-current", value);
    return elements[index] ?? null;
  }

  function last(times, time) {
    return times.findLastIndex((start) => start <= time + LATE_S);
  }

  function show({ scroll }) {
    const time = audio.currentTime;
    const chapter = mark(chapters, last(opens, time), "true");
    if (chapter !== opened) reveal(chapter);
    opened = chapter;
    now.textContent = chapter ? chapter.lastElementChild.textContent : "";
    const before = current;
    current = mark(sentences, last(starts, time), "true");
    spell(current);
    point();
    draw();
    if (scroll && following && current && current !== before && !inView(current)) {
      current.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    }
  }

  // Only the sentence that is heard has its words as elements: `data-words` is "0-210 210-480*2", milliseconds from its
  // start, `*2` for two words at once.
  let spelt = null;
  let words = [];
  let frame = 0;

  function spell(sentence) {
    if (sentence === spelt || !getSelection().isCollapsed) return;
    if (words.length) spelt.textContent = spelt.textContent; // one text again
    spelt = sentence;
    const rest = sentence?.textContent.split(" ");
    words = (sentence?.dataset.words ?? "").split(" ").filter(Boolean).map((entry) => {
      const [start, end, count = 1] = entry.split(/[-*]/).map(Number);
      const element = document.createElement("span");
      element.textContent = rest.splice(0, count).join(" ");
      return { element, start: Number(sentence.dataset.t) + start / 1000, end: Number(sentence.dataset.t) + end / 1000 };
    });
    if (words.length) sentence.replaceChildren(...words.flatMap(({ element }) => [" ", element]).slice(1));
  }

  function point() {
    for (const { element, start, end } of words) {
      element.classList.toggle("heard", start <= audio.currentTime && audio.currentTime < end);
    }
  }

  function followWords() {
    if (spelt !== null) point();
    if (!audio.paused) frame = requestAnimationFrame(followWords);
  }

  audio.addEventListener("play", () => {
    cancelAnimationFrame(frame);
    followWords();
  });

  // With very large letters the player would leave little of a small screen: then it scrolls away with the rest.
  function settle() {
    const player = document.querySelector(".player");
    document.documentElement.classList.toggle("crowded", player.offsetHeight > innerHeight / 2);
  }

  addEventListener("scroll", () => { following = !current || inView(current); }, { passive: true });

  // --- seek

  function seek(time) {
    audio.currentTime = Math.max(0, time);
    following = true;
    show({ scroll: true });
  }

  function play() {
    audio.play().catch(() => {}); // refused or broken: the player itself shows it, and `error` below says it
  }

  function listenFrom(time) {
    seek(time);
    play();
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest('a[href^="#t="]');
    const sentence = event.target.closest("[data-t]");
    if (link) {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      listenFrom(seconds(link.hash));
    } else if (sentence && getSelection().isCollapsed) {
      listenFrom(Number(sentence.dataset.t));
    }
  });

  addEventListener("hashchange", () => {
    const time = seconds(location.hash);
    if (!Number.isNaN(time)) seek(time);
  });

  // --- the picture of the sound is a bar to seek by

  const wave = document.querySelector(".wave");
  const done = wave?.querySelector(".done");

  function length() {
    return Number.isFinite(audio.duration) ? audio.duration : Number(wave?.dataset.length ?? 0);
  }

  function clock(time) {
    const parts = [Math.floor(time / 3600), Math.floor(time / 60) % 60, Math.floor(time) % 60];
    if (!parts[0]) parts.shift();
    return parts.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
  }

  function draw() {
    if (!wave) return;
    const whole = wave.querySelector("svg").viewBox.baseVal.width;
    done.setAttribute("width", length() ? (whole * audio.currentTime) / length() : 0);
    wave.setAttribute("aria-valuemax", Math.round(length()));
    wave.setAttribute("aria-valuenow", Math.round(audio.currentTime));
    wave.setAttribute("aria-valuetext", `${clock(audio.currentTime)} / ${clock(length())}`);
  }

  function drag(event) {
    const { left, width } = wave.getBoundingClientRect();
    seek(Math.min(1, Math.max(0, (event.clientX - left) / width)) * length());
  }

  if (wave) {
    const said = { role: "slider", tabindex: "0", "aria-label": wave.dataset.label, "aria-valuemin": "0" };
    for (const [name, value] of Object.entries(said)) wave.setAttribute(name, value);
    wave.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      wave.setPointerCapture(event.pointerId);
      drag(event);
    });
    wave.addEventListener("pointermove", (event) => {
      if (wave.hasPointerCapture(event.pointerId)) drag(event);
    });
    wave.addEventListener("keydown", (event) => {
      const to = { Home: 0, End: length(), PageDown: audio.currentTime - 60, PageUp: audio.currentTime + 60,
        ArrowDown: audio.currentTime - 5, ArrowUp: audio.currentTime + 5 }[event.key];
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      seek(Math.min(to, length()));
    });
    draw();
  }

  // --- speed and keyboard

  function setSpeed(speed) {
    const button = speeds.find((one) => one.dataset.speed === speed);
    if (!button) return;
    audio.defaultPlaybackRate = audio.playbackRate = Number(speed);
    for (const one of speeds) one.setAttribute("aria-pressed", String(one === button));
    remember("podcast:speed", speed);
  }

  function toggle() {
    if (audio.paused) play();
    else audio.pause();
  }

  const jump = (by) => seek(audio.currentTime + by);
  const keys = {
    " ": toggle, k: toggle,
    j: () => jump(-10), l: () => jump(10),
    ArrowLeft: () => jump(-5), ArrowRight: () => jump(5),
  };

  document.addEventListener("keydown", (event) => {
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const taken = event.target.closest("button, audio, input, select, textarea, summary, [contenteditable]");
    const letter = /^[jkl]$/i.test(event.key) && !event.target.closest("input, select, textarea, [contenteditable]");
    if (!action || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || (taken && !letter)) return;
    event.preventDefault();
    action();
  });

  for (const button of speeds) button.addEventListener("click", () => setSpeed(button.dataset.speed));
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => jump(Number(button.dataset.jump)));
  }

  // --- what the system shows and asks for: lock screens, headphones, keyboards with such keys

  function chapter(by) {
    // back within the first seconds of a chapter is the one before it
    const at = last(opens, audio.currentTime - (by < 0 ? 3 : 0)) + (by < 0 ? 0 : 1);
    seek(opens[at] ?? (by < 0 ? 0 : audio.currentTime));
  }

  if ("mediaSession" in navigator) {
    const home = document.querySelector(".home");
    const { src } = document.querySelector(".picture") ?? home.querySelector("img");
    navigator.mediaSession.metadata = new MediaMetadata({
      title: document.querySelector("h1").textContent,
      artist: home.textContent.trim(),
      artwork: src.startsWith("http") ? [{ src, sizes: "600x600", type: "image/jpeg" }] : [], // not from a disk
    });
    const asked = {
      seekbackward: ({ seekOffset = 10 }) => jump(-seekOffset),
      seekforward: ({ seekOffset = 10 }) => jump(seekOffset),
      seekto: ({ seekTime }) => seek(seekTime),
      ...(opens.length > 1 && { previoustrack: () => chapter(-1), nexttrack: () => chapter(1) }),
    };
    for (const [name, act] of Object.entries(asked)) {
      try {
        navigator.mediaSession.setActionHandler(name, act);
      } catch {
        continue; // a browser that does not know this one
      }
    }
  }

  // --- share a moment: its link is copied, or shown where that is not allowed

  const shared = document.querySelector(".shared");
  const share = document.querySelector(".share");
  let shown = 0;

  share.addEventListener("click", async () => {
    const link = `${document.querySelector("link[rel=canonical]").href}#t=${Math.floor(audio.currentTime)}`;
    try {
      await navigator.clipboard.writeText(link);
      shared.textContent = share.dataset.said;
    } catch {
      shared.textContent = link;
    }
    clearTimeout(shown);
    shown = setTimeout(() => { shared.textContent = ""; }, shared.textContent === link ? 15_000 : 3_000);
  });

  // --- remember

  function keep() {
    const inside = audio.currentTime > 5 && !audio.ended;
    saved = audio.currentTime;
    remember(place, inside ? saved.toFixed(1) : "");
  }

  audio.addEventListener("timeupdate", () => {
    show({ scroll: !audio.paused });
    if (!audio.paused && Math.abs(audio.currentTime - saved) > 5) keep();
  });
  // one voice at a time: what begins in another tab ends here
  audio.addEventListener("play", () => remember("podcast:playing", `${Date.now()} ${Math.random()}`));
  addEventListener("storage", ({ key }) => { if (key === "podcast:playing") audio.pause(); });

  for (const name of ["pause", "ended"]) audio.addEventListener(name, keep);
  addEventListener("pagehide", () => { if (audio.played.length) keep(); });
  function sayIfFailed() {
    document.querySelector(".failed").hidden = !audio.error;
  }
  audio.addEventListener("error", sayIfFailed);

  // --- begin

  for (const part of document.querySelectorAll(".controls, .keys")) part.hidden = false;
  document.documentElement.classList.add("live");
  addEventListener("resize", settle);
  settle();
  setSpeed(recall("podcast:speed") ?? "1");
  sayIfFailed(); // the sound may have failed before this script ran
  const asked = seconds(location.hash);
  const begin = Number.isNaN(asked) ? Number(recall(place)) : asked;
  if (begin > 0) audio.currentTime = begin;
  if (begin > 0) show({ scroll: !Number.isNaN(asked) });
})();
