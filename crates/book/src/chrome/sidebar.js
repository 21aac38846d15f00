// mdBook listens to a hidden checkbox, which its label switched.
document.getElementById("mdbook-sidebar-toggle").addEventListener("click", () => {
  document.getElementById("mdbook-sidebar-toggle-anchor").click();
});
