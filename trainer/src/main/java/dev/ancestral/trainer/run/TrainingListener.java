package dev.ancestral.trainer.run;

import dev.ancestral.trainer.loop.IterationReport;

/** Hears what a run does, on the run's thread. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener SILENT =
      new TrainingListener() {
        @Override
        public void started(int iteration, long weights) {}

        @Override
        public void iterated(IterationReport report) {}

        @Override
        public void notice(String text) {}
      };

  /**
   * The first iteration is about to begin.
   *
   * @param iteration updates done in earlier sessions
   * @param weights how many the network has
   */
  void started(int iteration, long weights);

  /** An update is done. */
  void iterated(IterationReport report);

  /** Something a person should know, in one line. */
  void notice(String text);
}
