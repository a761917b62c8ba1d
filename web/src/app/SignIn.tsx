import { Button } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import { signIn } from "~/api/client";
import { client, signedOut } from "~/app/client";
import icon from "~/app/icon.svg";
import { type Said, wordsOf } from "~/app/telling";
import { Problem } from "~/shared/Problem";
import classes from "./SignIn.module.css";

type By = Parameters<typeof signIn>[0];

/** Signs in and goes on where one was, or to the overview. */
function useSignIn() {
  const { history } = useRouter();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Said>();
  const enter = async (by: By) => {
    setBusy(true);
    setFailed(undefined);
    try {
      const session = await signIn(by);
      client.clear();
      client.setQueryData(["session"], session);
      signedOut.set(false);
      if (history.location.pathname === "/signin") history.replace("/");
    } catch (error) {
      setFailed(wordsOf(error));
      setBusy(false);
    }
  };
  return { busy, failed, enter };
}

/** The page on which one pastes a token, or which a link that works once leads to. */
export function SignIn({ expired = false }: { readonly expired?: boolean }) {
  const { history } = useRouter();
  const { busy, failed, enter } = useSignIn();
  const [token, setToken] = useState("");
  const field = useId();
  const once = new URLSearchParams(history.location.search).get("once");
  const tried = useRef(false);
  useEffect(() => {
    document.title = "Sign in · Opsweave";
    if (!once || tried.current) return;
    tried.current = true;
    void enter({ once });
  });
  return (
    <main className={classes.page}>
      <form
        className={classes.card}
        onSubmit={(event) => {
          event.preventDefault();
          void enter({ token: token.trim() });
        }}
      >
        <div className={classes.brand}>
          <img src={icon} alt="" width={28} height={28} />
          Opsweave
        </div>
        <h1>Sign in</h1>
        {expired && <p className={classes.says}>Nobody is signed in here, or not any more.</p>}
        {failed && <Problem said={failed} />}
        {once && busy ? (
          <p role="status">Signing in with the link…</p>
        ) : (
          <>
            <div className={classes.field}>
              <label htmlFor={field}>Token</label>
              <input
                id={field}
                type="password"
                autoComplete="current-password"
                placeholder="ow_…"
                required
                value={token}
                onChange={(event) => setToken(event.target.value)}
              />
            </div>
            <Button type="submit" loading={busy} fullWidth>
              Sign in
            </Button>
            <p className={classes.says}>
              A token is made with <code>opsweave token create</code>. <code>opsweave demo</code>{" "}
              and <code>opsweave up</code> print a link that signs in by itself, once.
            </p>
          </>
        )}
      </form>
    </main>
  );
}
