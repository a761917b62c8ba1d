import { send } from "~/api/client";
import type { Action } from "~/api/pages";
import { ask } from "~/app/questions";
import { tell, wordsOf } from "~/app/telling";

type Extra = Readonly<Record<string, unknown>>;

/** The request of an action; `{id}` in its path is the one row it is done to. */
export function requestOf(action: Action, extra: Extra = {}): [string, string, Extra] {
  const { id, ...rest } = extra;
  const placed = action.path.includes("{id}");
  const body = { ...action.body, ...rest };
  if (id !== undefined && !placed) Object.assign(body, { ids: [id] });
  return [action.method, action.path.replace("{id}", encodeURIComponent(String(id))), body];
}

/** Does an action after what has to be asked. Answers nothing where the user went back; throws what
 * failed unless that was said in the dialog. */
export async function perform(action: Action, extra: Extra = {}): Promise<unknown> {
  const run = (said: string) => {
    const [method, path, body] = requestOf(action, extra);
    return send(method, path, action.ask ? { ...body, [action.ask]: said } : body);
  };
  if (action.confirm || action.ask) return ask(action, run);
  const answer = (await run("")) ?? null;
  tell(`${action.title}: done`);
  return answer;
}

/** The same, and what failed is said at the edge. */
export async function performAndTell(action: Action, extra: Extra = {}): Promise<unknown> {
  if (action.disabled) {
    tell(`${action.title}: ${action.disabled}`, true);
    return undefined;
  }
  try {
    return await perform(action, extra);
  } catch (error) {
    const { says, action: remedy } = wordsOf(error);
    tell(`${action.title}: ${says}`, true, remedy);
    return undefined;
  }
}
