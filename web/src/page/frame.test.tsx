import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Section, Widget } from "~/api/pages";
import { Frame } from "~/page/Frame";
import { grouped } from "~/page/Sections";
import { show, widgetLike } from "~/testing/show";

const stat = (more: object) => widgetLike("stat", { id: "s", title: "Errors", ...more }) as Widget;

test("an empty widget says what is missing, what would help, and where", () => {
  const go = vi.fn();
  const widget = stat({
    state: "empty",
    missing: "No deployment arrived.",
    remedy: "Send deployments.",
    remedy_to: "record",
  });
  show(<Frame widget={widget} />, { go });
  expect(screen.getByRole("group", { name: "Errors" })).toBeTruthy();
  expect(screen.getByText("No deployment arrived.")).toBeTruthy();
  fireEvent.click(screen.getByRole("link", { name: "Send deployments." }));
  expect(go).toHaveBeenCalledWith("record");
});

test("a failed widget can be asked for again, alone", () => {
  const refresh = vi.fn();
  show(<Frame widget={stat({ state: "error", missing: "The store is shut." })} />, { refresh });
  expect(screen.getByRole("alert").textContent).toContain("The store is shut.");
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refresh).toHaveBeenCalledWith("s");
});

test("a kind that this console does not know leaves the page standing", () => {
  show(<Frame widget={{ ...stat({}), kind: "hologram" } as unknown as Widget} />);
  expect(screen.getByRole("alert").textContent).toContain("cannot draw “hologram”");
});

test("a number leads to its proof", async () => {
  const prove = vi.fn();
  const proof = { says: "5xx over all", n: 1204, ids: [], excluded: {} };
  const widget = stat({
    value: null,
    unit: "%",
    text: "",
    health: "unknown",
    trend: [],
    to: "",
    proof,
  });
  show(<Frame widget={widget} />, { prove });
  expect(await screen.findByText("no data")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Proof of Errors: n = 1,204" }));
  expect(prove).toHaveBeenCalledWith(proof, "Errors");
});

test("neighbouring tabs are one row of tabs", () => {
  const section = (id: string, tab: boolean) => ({ id, tab }) as Section;
  const ids = grouped([
    section("a", false),
    section("b", true),
    section("c", true),
    section("d", false),
    section("e", true),
  ]).map((group) => group.map((each) => each.id).join(""));
  expect(ids).toEqual(["a", "bc", "d", "e"]);
});
