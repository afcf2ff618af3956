package dev.ancestral.trainer.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What ends a run; whichever comes first does. Without any of them, a run has {@value #DEFAULT}
 * iterations.
 *
 * @param iterations optimizer updates; null for no such limit, as below
 * @param images samples that were trained on, each as often as it was
 * @param epochs passes through the data
 * @param minutes of training, over every session of the run
 */
public record StopConfig(
    @Nullable Integer iterations,
    @Nullable Long images,
    @Nullable Double epochs,
    @Nullable Double minutes) {
  private static final int DEFAULT = 2000;
  private static final String NO_LIMIT = "no such limit";

  static final Setting<Integer> ITERATIONS =
      Setting.integer(
              "training.iterations",
              "optimizer updates after which the run ends, where no other limit ends it before")
          .within(Bounds.atLeast(1))
          .orNull(NO_LIMIT)
          .orAs(DEFAULT + ", unless another limit is set")
          .changeable();
  static final Setting<Long> IMAGES =
      Setting.whole(
              "training.images",
              "samples, each counted as often as it is trained on, after which the run ends at the"
                  + " latest; rounded up to whole updates")
          .within(new Bounds<>(images -> images >= 1, "at least 1"))
          .orNull(NO_LIMIT)
          .changeable();
  static final Setting<Double> EPOCHS =
      Setting.number(
              "training.epochs",
              "passes through the data after which the run ends at the latest; rounded up to whole"
                  + " updates")
          .within(Bounds.above(0))
          .orNull(NO_LIMIT)
          .changeable();
  static final Setting<Double> MINUTES =
      Setting.number(
              "training.minutes",
              "of training, over all sessions of the run, after which it ends at the latest; how"
                  + " far that is depends on the machine")
          .within(Bounds.above(0))
          .orNull(NO_LIMIT)
          .changeable();

  /** Checks the bounds, and sets the default where nothing else ends the run. */
  public StopConfig {
    if (iterations == null && images == null && epochs == null && minutes == null) {
      iterations = DEFAULT;
    }
    ITERATIONS.checkUnlessNull(iterations);
    IMAGES.checkUnlessNull(images);
    EPOCHS.checkUnlessNull(epochs);
    MINUTES.checkUnlessNull(minutes);
  }

  static StopConfig of(Section section) {
    return new StopConfig(
        section.find(ITERATIONS),
        section.find(IMAGES),
        section.find(EPOCHS),
        section.find(MINUTES));
  }

  /** Whether anything but time ends the run, so that its last iteration is known before. */
  public boolean isKnownBefore() {
    return iterations != null || images != null || epochs != null;
  }

  void putInto(Map<String, Object> map) {
    map.put(ITERATIONS.name(), iterations);
    map.put(IMAGES.name(), images);
    map.put(EPOCHS.name(), epochs);
    map.put(MINUTES.name(), minutes);
  }
}
