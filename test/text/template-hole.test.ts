import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { templateDepth, templateHole, withoutHoles } from "../../src/text/template-hole.ts";

describe("a template hole", () => {
  it.each([
    ["a = {{ b }} {{ c }}", "{{ b }}"],
    ["{% if x %}", "{% if x %}"],
    ["{# note #}", "{# note #}"],
    ["<%= @x %>", "<%= @x %>"],
    ["a = ${X}", "${X}"],
    ["%%X%% @Y@", "%%X%%"],
    ["@Y@", "@Y@"],
    ["__PORT_NUMBER__", "__PORT_NUMBER__"],
    ["core.%e=%p", undefined],
    ["me@example.org", undefined],
    ["{{ open", undefined],
    ["__init__", undefined],
  ])("%s: %s", (text, wanted) => {
    expect(templateHole(text)).toBe(wanted);
  });

  it("counts blocks", () => {
    expect(templateDepth("{% if x %}{% for y in z %}")).toBe(2);
    expect(templateDepth("{% endif %}")).toBe(-1);
    expect(templateDepth("<% if x -%>")).toBe(1);
    expect(templateDepth("<% list.each do |x| %>")).toBe(1);
    expect(templateDepth("<% end %>")).toBe(-1);
    expect(templateDepth("{{- range .x }}{{ end }}")).toBe(0);
    expect(templateDepth("{{ value }}")).toBe(0);
  });

  it("leaves every other character in its place", () => {
    const part = fc.oneof(fc.string(), fc.constantFrom("{{ x }}", "{{", "}}", "<%", "%>", "@A@", "${"));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join("");
        const blanked = withoutHoles(text, (length) => " ".repeat(length));
        expect(blanked.length).toBe(text.length);
        for (let at = 0; at < text.length; at += 1)
          if (blanked[at] !== text[at]) expect(blanked[at]).toBe(" ");
        expect(templateHole(text) === undefined).toBe(withoutHoles(text, () => "") === text);
      }),
    );
  });
});
