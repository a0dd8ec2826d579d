// @vitest-environment jsdom
import { expect, test } from "vitest";
import { roving } from "../../src/ui/roving";

function toolbar(): { bar: HTMLElement; press: (key: string) => void; stops: () => string[] } {
  document.body.innerHTML =
    "<div><button>a</button><hr /><button disabled>b</button><button>c</button><button>d</button></div>";
  const bar = document.body.firstElementChild as HTMLElement;
  roving(bar);
  return {
    bar,
    press: (key) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    },
    stops: () =>
      [...bar.querySelectorAll("button")]
        .filter(({ tabIndex }) => tabIndex === 0)
        .map(({ textContent }) => textContent),
  };
}

test("Tab stops once in a toolbar", () => {
  expect(toolbar().stops()).toEqual(["a"]);
});

test("arrow keys walk past what is switched off, and around", () => {
  const { bar, press, stops } = toolbar();
  bar.querySelector("button")?.focus();

  press("ArrowDown");
  expect(document.activeElement?.textContent).toBe("c");
  press("End");
  press("ArrowDown");
  expect(document.activeElement?.textContent).toBe("a");
  press("ArrowUp");
  expect(stops()).toEqual(["d"]);
});

test("the stop survives the button it stood on", async () => {
  const { bar, stops } = toolbar();

  bar.querySelector("button")?.remove();
  await Promise.resolve();

  expect(stops()).toEqual(["c"]);
});
