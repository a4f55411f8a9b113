"""The table, in Markdown."""

from bench.run import Found


def write(found: Found) -> str:
    rows = [
        "| what | product | floor | ratio | aim | p50/p99 ms, 1 | floor | p50/p99 ms, 16 | floor | queries | KB |",
        "|" + "---|" * 11,
    ]
    for each in found.results:
        ours, theirs = each.product, each.floor
        rows.append(
            f"| {each.line.name} | {ours.cpu_per_request:.2f} | {theirs.cpu_per_request:.2f} | {each.ratio:.2f} | {each.line.most_ratio} "
            f"| {ours.one.p50:.1f}/{ours.one.p99:.1f} | {theirs.one.p50:.1f}/{theirs.one.p99:.1f} "
            f"| {ours.many.p50:.1f}/{ours.many.p99:.1f} | {theirs.many.p50:.1f}/{theirs.many.p99:.1f} "
            f"| {each.queries or ''} | {each.size / 1024 if each.size else 0:.0f} | {ours.one.statuses} {theirs.one.statuses}"
        )
    return "\n".join(rows) + f"\n{found.growth}\n{found.memory_mb}\n{found.starts}\n"
