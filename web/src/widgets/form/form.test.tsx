import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { ApiError } from "~/api/client";
import type { Field, Form as FormRecord } from "~/api/pages";
import { pageLike, show, widgetLike } from "~/testing/show";
import Form from "~/widgets/form";
import { bodyOf, queryOf } from "~/widgets/form/values";

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  title: name,
  input: "text",
  value: null,
  options: [],
  required: false,
  help: "",
  ...more,
});

const submit = {
  id: "make",
  title: "Make a token",
  method: "POST",
  path: "tokens",
  body: {},
  confirm: "",
  danger: false,
  disabled: "",
  key: "",
  ask: "",
};

const form = (more: Partial<FormRecord>) =>
  widgetLike("form", {
    id: "make",
    fields: [field("name", { required: true })],
    submit,
    into_url: false,
    submit_title: "",
    shows_answer: false,
    ...more,
  });

test("numbers go as numbers, times as UTC, and what is empty is left out", () => {
  const fields = [
    field("n", { input: "number" }),
    field("at", { input: "time" }),
    field("tags", { input: "many" }),
    field("on", { input: "toggle" }),
    field("note"),
    field("who", { required: true }),
  ];
  const at = new Date(2026, 2, 3, 14, 0);
  const values = { n: "4.5", at: "2026-03-03T14:00", tags: ["a", "b"], on: true, note: "" };
  expect(bodyOf(fields, values)).toEqual({
    n: 4.5,
    at: at.toISOString(),
    tags: ["a", "b"],
    on: true,
    who: null,
  });
  expect(queryOf(fields, values)).toMatchObject({ n: "4.5", tags: "a,b", note: undefined });
});

test("a form of the URL changes the URL and sends nothing", () => {
  const page = pageLike({ setQuery: vi.fn(), send: vi.fn() });
  show(<Form widget={form({ into_url: true, submit: null, submit_title: "Show" })} page={page} />);
  fireEvent.change(screen.getByLabelText(/name/), { target: { value: "cart" } });
  fireEvent.click(screen.getByRole("button", { name: "Show" }));
  expect(page.setQuery).toHaveBeenCalledWith({ name: "cart" });
  expect(page.send).not.toHaveBeenCalled();
});

test("what is wrong with a field stands beside it", async () => {
  const send = vi.fn(() => Promise.reject(new ApiError(400, "is taken", "name", "choose another")));
  show(<Form widget={form({})} page={pageLike({ send })} />);
  const name = screen.getByLabelText(/name/);
  fireEvent.change(name, { target: { value: "ci" } });
  fireEvent.click(screen.getByRole("button", { name: "Make a token" }));
  expect((await screen.findByRole("alert")).textContent).toBe("is taken: choose another");
  expect(name.getAttribute("aria-invalid")).toBe("true");
  expect(name).toHaveProperty("value", "ci");
});

test("an answer that is shown once is shown", async () => {
  const send = vi.fn(() => Promise.resolve({ secret: "ow_0123456789abcdef" }));
  show(<Form widget={form({ shows_answer: true })} page={pageLike({ send })} />);
  fireEvent.change(screen.getByLabelText(/name/), { target: { value: "ci" } });
  fireEvent.click(screen.getByRole("button", { name: "Make a token" }));
  expect(await screen.findByText("ow_0123456789abcdef")).toBeTruthy();
  expect(send).toHaveBeenCalledWith(submit, { name: "ci" });
});
