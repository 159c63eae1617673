/** Served beside this page's own files, from the package. */
import uPlot from "uplot";
export default uPlot;
