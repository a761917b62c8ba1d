import { UnstyledButton } from "@mantine/core";
import { signOut } from "~/api/client";
import { client, signedOut } from "~/app/client";
import { tell, wordsOf } from "~/app/telling";
import { useSession } from "~/app/useNav";
import { Cut } from "~/shared/Cut";
import { Icon } from "~/shared/Icon";
import classes from "./Who.module.css";

async function leave() {
  try {
    await signOut();
    client.clear();
    signedOut.set(true);
  } catch (error) {
    const { says, action } = wordsOf(error);
    tell(`Not signed out: ${says}`, true, action);
  }
}

/** Who is signed in, and the way out. */
export function Who() {
  const session = useSession();
  if (!session) return null;
  return (
    <div className={classes.who}>
      <div className={classes.name} title={`May: ${session.scopes.join(", ")}`}>
        <Cut text={session.name} tail={8} />
        <span className={classes.scopes}>{session.scopes.join(", ")}</span>
      </div>
      <UnstyledButton
        className={classes.leave}
        aria-label="Sign out"
        title="Sign out"
        onClick={() => void leave()}
      >
        <Icon name="leave" />
      </UnstyledButton>
    </div>
  );
}
