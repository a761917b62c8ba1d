"""Write docs/facts.md: every fact with its fields, read from the source of ``opsweave.facts``."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "facts.md"
HEAD = """# Facts

The nouns that every room shares (`from opsweave.facts import ...`). Immutable; as JSON they carry
`type` (for those that stores keep) and `schema_version`. Times are nanoseconds since 1970 in UTC,
named `*_ns`. `ref` and fields named `entity` hold the canonical spelling
`kind:environment/namespace/name`. Evidence ids are `kind:store:key@version`.

This page is made by `.ci/facts_page.py`.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for path in sorted((ROOT / "src" / "opsweave" / "facts").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        if classes:
            parts.append(f"\n## {path.stem.capitalize()}\n\n{_text(ast.get_docstring(tree))}\n")
            parts.extend(_section(node) for node in classes)
    return "".join(parts)


def _section(node: ast.ClassDef) -> str:
    tag = next((k.value for k in node.keywords if k.arg == "tag"), None)
    kept = f" (`{ast.literal_eval(tag)}`)" if tag is not None else ""
    lines = [f"\n### {node.name}{kept}\n\n{_text(ast.get_docstring(node))}\n\n"]
    if any(isinstance(base, ast.Name) and base.id == "StrEnum" for base in node.bases):
        values = [ast.literal_eval(s.value) for s in node.body if isinstance(s, ast.Assign)]
        return f"{lines[0]}One of {', '.join(f'`{value}`' for value in values)}.\n"
    lines.append("| field | type | default | |\n|---|---|---|---|\n")
    for at, item in enumerate(node.body):
        if isinstance(item, ast.AnnAssign) and "ClassVar" not in ast.unparse(item.annotation):
            default = f"`{ast.unparse(item.value)}`" if item.value is not None else ""
            kind = ast.unparse(item.annotation).replace("|", "\\|")
            lines.append(
                f"| `{_name(item)}` | `{kind}` | {default} | {_says(node.body, at + 1)} |\n"
            )
    return "".join(lines)


def _name(item: ast.AnnAssign) -> str:
    return item.target.id if isinstance(item.target, ast.Name) else ""


def _says(body: list[ast.stmt], at: int) -> str:
    """The docstring of a field stands behind it."""
    if at < len(body) and isinstance(body[at], ast.Expr):
        value = body[at].value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return _text(value.value).replace("|", "\\|").replace("\n", " ")
    return ""


def _text(docstring: str | None) -> str:
    """Markdown of a docstring in reStructuredText."""
    lines = [line.strip() for line in (docstring or "").splitlines()]
    return "\n".join(lines).replace("``", "`").replace(":data:", "").strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
