package dev.ancestral.bench.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run's result.
 *
 * @param conditions what it was measured on and with, by name, in the order to show them
 * @param findings the table
 * @param plots the curves
 */
public record Report(Map<String, String> conditions, List<Finding> findings, List<Plot> plots) {
  /** Copies, keeping the order. */
  public Report {
    conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
    findings = List.copyOf(findings);
    plots = List.copyOf(plots);
  }
}
