import type { Answers, NavItem, Page, SignInBody, Widget } from "~/api/pages";

export type { NavItem };

import type { Query } from "~/shared/page";

/** An error as the API answers it: what happened, which field, what to do next. */
export class ApiError extends Error {
  readonly status: number;
  readonly field: string;
  readonly action: string;

  constructor(status: number, says: string, field = "", action = "") {
    super(says);
    this.status = status;
    this.field = field;
    this.action = action;
  }
}

/** No answer at all: the server is not there, or the way to it. */
export const UNREACHABLE = 0;

async function answered(response: Response): Promise<unknown> {
  const text = await response.text();
  let body: unknown;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    body = undefined;
  }
  if (response.ok) return body;
  const said = (body ?? {}) as { error?: string; field?: string; action?: string };
  const error = said.error ?? `the server answered ${response.status}`;
  throw new ApiError(response.status, error, said.field, said.action);
}

async function request(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(
      UNREACHABLE,
      "the server does not answer",
      "",
      "it is tried again by itself",
    );
  }
  return answered(response);
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  request(path, signal ? { signal } : {}) as Promise<T>;

/** A request that changes something; the header tells it from what a foreign page could send. */
export function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { "x-opsweave": "1" };
  const init: RequestInit = { method, headers };
  if (body !== undefined && method !== "GET" && method !== "HEAD") {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  return request(path, init) as Promise<T>;
}

const spelled = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

const asked = (query: Query): string => {
  const text = new URLSearchParams(query).toString();
  return text ? `?${text}` : "";
};

/** The overview has no path of its own in the console. */
export const apiPath = (path: string): string => `pages/${spelled(path || "overview")}`;

export const getPage = (path: string, query: Query, signal?: AbortSignal): Promise<Page> =>
  get<Page>(apiPath(path) + asked(query), signal);

export async function getWidget(path: string, query: Query, id: string): Promise<Widget> {
  const answer = await get<{ widget: Widget }>(apiPath(path) + asked({ ...query, widget: id }));
  return answer.widget;
}

export type Session = Answers["GET session"];
export type Found = Answers["GET find"]["items"][number];
export type Evidence = Answers["GET evidence"];

export const getSession = (): Promise<Session> => get<Session>("session");
export const signIn = (by: SignInBody): Promise<Session> => send<Session>("POST", "session", by);
export const signOut = (): Promise<unknown> => send("DELETE", "session");
export const getNav = async (): Promise<readonly NavItem[]> =>
  (await get<Answers["GET pages"]>("pages")).items;
export const find = async (q: string, signal?: AbortSignal): Promise<readonly Found[]> =>
  (await get<Answers["GET find"]>(`find?q=${encodeURIComponent(q)}`, signal)).items;
export const getEvidence = (id: string): Promise<Evidence> =>
  get<Evidence>(`evidence?id=${encodeURIComponent(id)}`);
