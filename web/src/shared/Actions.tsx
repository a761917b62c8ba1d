import { Button, Tooltip } from "@mantine/core";
import { useState } from "react";
import type { Action, Proof } from "~/api/pages";
import { usePage } from "~/shared/page";

interface Props {
  readonly action: Action;
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly primary?: boolean;
}

/** The button of a verb; while it runs it cannot be pressed again, and it says why it cannot be. */
export function ActionButton({ action, extra, primary = false }: Props) {
  const page = usePage();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await page.act(action, extra);
    } finally {
      setBusy(false);
    }
  };
  const button = (
    <Button
      size="compact-sm"
      variant={primary ? "filled" : "default"}
      color={action.danger ? "red" : undefined}
      data-danger={action.danger || undefined}
      data-disabled={action.disabled ? true : undefined}
      aria-disabled={action.disabled ? true : undefined}
      aria-keyshortcuts={action.key || undefined}
      loading={busy}
      onClick={(event) => {
        event.stopPropagation();
        if (!action.disabled) void run();
      }}
    >
      {action.title}
    </Button>
  );
  return action.disabled ? <Tooltip label={action.disabled}>{button}</Tooltip> : button;
}

/** Opens what a number came from. */
export function ProofButton({ proof, title }: { readonly proof: Proof; readonly title: string }) {
  const page = usePage();
  const said = proof.n === null ? "proof" : `n = ${proof.n.toLocaleString("en")}`;
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      px={4}
      mx={-4}
      title={proof.says || "what this came from"}
      aria-label={`Proof of ${title}: ${said}`}
      onClick={() => page.prove(proof, title)}
    >
      {said}
    </Button>
  );
}
