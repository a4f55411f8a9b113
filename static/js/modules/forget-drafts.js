// Whoever signed out leaves nothing half-written behind for the next person at this browser.

export default function forgetDrafts() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:")) localStorage.removeItem(key);
  }
}
