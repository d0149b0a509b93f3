// Reads a ServiceMonitor as JSON from standard input and says what its schema has against it.
import { readFileSync } from "node:fs";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";

new ServiceMonitor(JSON.parse(readFileSync(0, "utf8"))).validate();
