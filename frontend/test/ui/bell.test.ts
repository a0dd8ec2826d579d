// @vitest-environment jsdom
import { expect, it } from "vitest";
import { ringBell } from "../../src/ui/bell";

it("appears with the first notice and counts on", () => {
  document.body.innerHTML =
    '<a>Notices <span data-unread="0" hidden><span>0</span><span> unread</span></span></a>';
  const badge = document.querySelector<HTMLElement>("[data-unread]");

  ringBell();
  expect(badge?.hidden).toBe(false);
  expect(badge?.textContent).toBe("1 unread");

  ringBell();
  expect(badge?.textContent).toBe("2 unread");
});

it("is silent on a page without a bell", () => {
  document.body.innerHTML = "";
  expect(ringBell).not.toThrow();
});
