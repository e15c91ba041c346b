
// A problem's link puts the caret where the problem is.
document.addEventListener("click", (event) => {
  const { text, line, column } = event.target.closest?.("a[data-text]")?.dataset ?? {};
  const area = document.getElementById(text);
  if (!area) return;
  event.preventDefault();
  const lines = area.value.split("\n");
  const before = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const at = before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  area.focus();
  area.setSelectionRange(at, before + (lines[line - 1] ?? "").length);
  area.scrollTop = ((line - 4) * area.scrollHeight) / lines.length;
});

// A simulation tells how far it has come.
document.getElementById("editor")?.addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "simulate") return;
  event.preventDefault();
  const result = document.getElementById("result");
  const body = new URLSearchParams(new FormData(event.target));
  body.set("do", "simulate");
  const tell = (says, kind) => {
    const told = Object.assign(document.createElement("p"), { className: kind, textContent: says });
    told.setAttribute("role", "status");
    result.replaceChildren(told);
  };
  event.submitter.disabled = true;
  tell("The simulation begins …", "told");
  result.scrollIntoView({ block: "nearest" });
  try {
    const answer = await fetch("/policy/edit", {
      method: "POST",
      body,
      headers: { accept: "text/event-stream" },
    });
    if (!answer.headers.get("content-type").startsWith("text/event-stream"))
      throw new Error("it is refused");
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", ended = false;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (rest + part.value).split("\n\n");
      rest = events.pop();
      for (const it of events) {
        const data = it
          .split("\n")
          .filter((row) => row.startsWith("data:"))
          .map((row) => row.replace(/^data: ?/, ""))
          .join("\n");
        if (it.startsWith("event: progress"))
          tell(`${Number(data).toLocaleString("en")} customers so far …`, "told");
        if (it.startsWith("event: result")) {
          result.innerHTML = data;
          // What was checked before is another text.
          for (const checked of document.querySelectorAll(".document details")) checked.remove();
          ended = true;
        }
      }
    }
    if (!ended) throw new Error("it ended without a result");
    result.focus();
  } catch (error) {
    tell(`The simulation did not come to its end: ${error.message}. Try again.`, "told bad");
  }
  event.submitter.disabled = false;
});
