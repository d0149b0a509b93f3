/** Country outlines, made by build.mjs. */
declare module "outlines" {
  import type { Topology } from "topojson-specification";
  const outlines: Topology;
  export default outlines;
}
