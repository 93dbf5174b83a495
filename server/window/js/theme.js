// Light, dark, or as the system says; remembered.

const THEMES = ["system", "light", "dark"];

export function startTheme(button) {
  let theme = "system";
  try {
    theme = localStorage.getItem("ailab-mock-theme") || "system";
  } catch {
    // Storage may be switched off; then nothing is remembered.
  }
  const show = () => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try {
      localStorage.setItem("ailab-mock-theme", theme);
    } catch {
      // As above.
    }
    show();
  });
  show();
}
