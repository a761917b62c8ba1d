import "~/app/mantine.css";
import "~/app/theme.css";
import "~/app/base.css";
import { createRoot } from "react-dom/client";
import { App } from "~/app/App";
import { warm } from "~/app/warm";

warm();

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
