// Light or dark as it was chosen on the dashboard, else as the system prefers.
const chosen_theme = /(?:^|; )gridspark-theme=(light|dark)/.exec(document.cookie);
try {
  if (chosen_theme) {
    localStorage.setItem("mdbook-theme", chosen_theme[1] === "dark" ? default_dark_theme : default_light_theme);
  } else {
    localStorage.removeItem("mdbook-theme");
  }
} catch { /* A browser without storage shows what the system prefers. */ }
