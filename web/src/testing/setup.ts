import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

// Machines are shared; what does not come at all fails all the same.
configure({ asyncUtilTimeout: 8000 });

// jsdom knows neither; Mantine asks for both.
window.matchMedia ??= (query: string): MediaQueryList => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
  dispatchEvent: () => false,
});
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// Files share one window: what the testing library sets when it is first loaded holds for all.
beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});
afterEach(cleanup);
