package dev.ancestral.bench.scenario;

import java.io.IOException;

/** Something that is measured. */
public interface Scenario {
  /** What {@code --scenario} calls it. */
  String name();

  /** What it measures, in a line. */
  String description();

  /** Measures; takes a few minutes at most. */
  void run(Lab lab, Results results) throws IOException, InterruptedException;
}
