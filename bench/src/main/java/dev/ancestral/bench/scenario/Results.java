package dev.ancestral.bench.scenario;

import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Plot;
import dev.ancestral.bench.report.Quantity;
import java.util.ArrayList;
import java.util.List;

/** Collects what the scenarios find. For one thread. */
public final class Results {
  private final List<Finding> findings = new ArrayList<>();
  private final List<Plot> plots = new ArrayList<>();

  void add(Finding finding) {
    findings.add(finding);
  }

  void add(Plot plot) {
    plots.add(plot);
  }

  /** A scenario could not be finished. */
  public void fail(String scenario, String why) {
    add(Finding.missing(scenario, "all of it", Quantity.COUNT, why));
  }

  /** The findings so far. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** The plots so far. */
  public List<Plot> plots() {
    return List.copyOf(plots);
  }
}
