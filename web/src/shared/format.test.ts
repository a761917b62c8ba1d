import { describe, expect, test } from "vitest";
import { cutMiddle } from "~/shared/Cut";
import { duration, quantity, ratio } from "~/shared/format";
import { time, utc } from "~/shared/time";

describe("quantities", () => {
  test.each([
    [null, "s", "no data"],
    [0, "", "0"],
    [0.25, "s", "250 ms"],
    [7260, "s", "2 h 1 m"],
    [1536, "By", "1.5 KiB"],
    [0.0005, "", "5.0e−4"],
    [12_345, "{request}", "12,345 request"],
    [50, "1/s", "50/s"],
  ])("%s %s is %s", (value, unit, said) => expect(quantity(value, unit)).toBe(said));

  test("a ratio near one keeps the digits that tell it from one", () => {
    expect(ratio(0.5)).toBe("50 %");
    expect(ratio(0.9995)).toBe("99.95 %");
    expect(ratio(1)).toBe("100 %");
  });

  test("a duration has two parts at most and no empty one", () => {
    expect(duration(86_400 * 2 + 30)).toBe("2 d");
    expect(duration(-90)).toBe("−1 m 30 s");
    expect(duration(0.0000125)).toBe("12.5 µs");
  });
});

test("a name is cut in its middle", () => {
  const cut = cutMiddle("payments-gateway-prod-7f9c", 13);
  expect(cut).toBe("paymen…d-7f9c");
  expect(cut).toHaveLength(13);
});

test("a time of another day names it, and UTC is whole", () => {
  const now = new Date(2026, 2, 3, 14, 2, 11).getTime();
  expect(time(now, now)).toBe("14:02:11");
  expect(time(now - 86_400_000, now)).toBe("2 Mar 14:02");
  expect(time(now - 400 * 86_400_000, now)).toMatch(/2025 14:02$/);
  expect(utc(1_772_546_531_250)).toBe("2026-03-03 14:02:11.250 UTC");
});
