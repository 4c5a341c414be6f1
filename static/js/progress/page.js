import { installReadout } from "./readout.js";

for (const chart of document.querySelectorAll("[data-marks]")) installReadout(chart);
