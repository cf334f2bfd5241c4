"""All findings of a run as Markdown, which a terminal shows as columns too."""

from harness.figures import Figure, Finding, Remark, Standing

HEADINGS = ["what", "peer", "ours", "ratio", "aim", "met"]


def _table(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _standing(standing: Standing) -> str:
    rows = [[standing.what, *standing.columns]]
    for name, samples in standing.rows.items():
        rows.append([name, *(cell.text() if cell else "–" for cell in samples)])
    return _table(rows)


def _machine(facts: dict) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return (f"{facts['cores']} cores of {facts['processor']}, {facts['memory_gib']} GiB, Linux {facts['kernel']}, "
            f"load average {facts['load_average_before']} before and {facts['load_average_after']} after. "
            f"{versions}.")


def markdown(facts: dict, findings: list[Finding]) -> str:
    figures = [finding for finding in findings if isinstance(finding, Figure)]
    notes = [f"- {figure.what}: {figure.note}" for figure in figures if figure.note]
    notes += [f"- {remark.text}" for remark in findings if isinstance(remark, Remark)]
    parts = [_machine(facts)]
    if figures:
        parts.append(_table([HEADINGS, *(figure.cells() for figure in figures)]))
    if notes:
        parts.append("\n".join(notes))
    parts += [_standing(standing) for standing in findings if isinstance(standing, Standing)]
    return "\n\n".join(parts)
