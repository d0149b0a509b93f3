// A chart of Apache ECharts: drawn on a canvas, as the policy of the page allows, with a table beside it for those who
// cannot see it. The library is loaded when the first chart is shown.
import type { ECharts, EChartsCoreOption } from "echarts/core";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { color, useScheme } from "../theme.ts";

export interface ChartProps {
  /** What it shows, in a sentence: the name of the picture. */
  label: string;
  /** In pixels; left out where the style sheet says it. */
  height?: number;
  /** Made anew for every scheme; it may read `color()`. */
  option: () => EChartsCoreOption;
  /** What the option is made from: it is drawn anew when one of these changes. */
  inputs: readonly unknown[];
  onPick?: (event: { name: string; dataIndex: number; seriesIndex?: number; componentType: string }) => void;
  /** Called once with the chart, to add what an option cannot say. */
  onReady?: (chart: ECharts) => void;
  class?: string;
  /** Whether what the reader has moved or magnified stays as it is when the chart is drawn anew. */
  keep?: boolean;
}

/** Whether there is room for long names beside a chart. */
export const isWide = () => matchMedia("(min-width: 40rem)").matches;

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** What all charts have in common: type, colors, and tips that are drawn, never HTML. */
export function basics(): EChartsCoreOption {
  return {
    animation: !still(),
    animationDuration: 300,
    animationDurationUpdate: 300,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: color("--ink-soft") },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: color("--paper"),
      borderColor: color("--line-strong"),
      borderWidth: 1,
      padding: [8, 10],
      textStyle: { color: color("--ink"), fontSize: 12, lineHeight: 18 },
      shadowBlur: 0,
    },
  };
}

export function Chart({ label, height, option, inputs, onPick, onReady, class: name, keep }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const pick = useRef(onPick);
  const latest = useRef(option);
  pick.current = onPick;
  latest.current = option;
  const scheme = useScheme();

  useEffect(() => {
    let left = false;
    const element = place.current!;
    const size = new ResizeObserver(() => chart.current?.resize());
    void import("./library.ts").then(({ echarts }) => {
      if (left) return;
      const made = echarts.init(element, null, { renderer: "canvas" });
      chart.current = made;
      made.on("click", (event) => pick.current?.(event as never));
      onReady?.(made);
      made.setOption({ ...basics(), ...latest.current() });
      size.observe(element);
    });
    return () => {
      left = true;
      size.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption({ ...basics(), ...latest.current() }, { notMerge: !keep });
  }, [scheme, ...inputs]);

  return <div ref={place} class={`chart ${name ?? ""}`} style={height === undefined ? undefined : { height: `${height}px` }} role="img" aria-label={label} />;
}

/** A chart with its words: a title, what it says, and its numbers as a table that opens. */
export function Figure({ title, children, table }: { title: string; children: ComponentChildren; table: ComponentChildren }) {
  return (
    <figure class="figure">
      <figcaption>{title}</figcaption>
      {children}
      <details class="numbers">
        <summary>Show as a table</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
          {table}
        </div>
      </details>
    </figure>
  );
}
