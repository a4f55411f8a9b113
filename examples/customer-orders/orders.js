// Rules about orders. The sample data counts days back from today, so that it never looks old.

const DAY = 86_400_000;

export function money(amount, currency) {
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(amount);
}

export function shortDate(daysAgo) {
  const date = new Date(Date.now() - daysAgo * DAY);
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year }).format(date);
}

export function totals(orders) {
  const kept = orders.filter(({ status }) => status !== "Returned" && status !== "Cancelled");
  return {
    count: orders.length,
    spent: kept.reduce((sum, { total }) => sum + total, 0),
    returns: orders.filter(({ status }) => status === "Returned").length,
  };
}

// How many days after the promised one it still is on its way; 0 when it is not late.
export function lateBy({ status, due_days_ago: due }) {
  return status === "In transit" && due > 0 ? due : 0;
}
