import { render } from "preact";
import "./theme.ts";
import { Shell } from "./shell.tsx";

const page = document.getElementById("page")!;
page.replaceChildren();
render(<Shell />, page);
