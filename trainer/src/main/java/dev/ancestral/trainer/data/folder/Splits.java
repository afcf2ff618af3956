package dev.ancestral.trainer.data.folder;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What people call the parts that they split a data set into. */
public final class Splits {
  /** The part to train on. */
  public static final String TRAIN = "train";

  private static final Set<String> OF_TRAINING = Set.of(TRAIN, "training");
  private static final Set<String> OTHERS =
      Set.of("val", "valid", "validation", "test", "testing", "dev", "eval");

  private Splits() {}

  /** Whether a name is that of a part and nothing else. */
  public static boolean isOne(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return OF_TRAINING.contains(lower) || OTHERS.contains(lower);
  }

  /**
   * The parts that a name speaks of in any of its words, such as {@code test} of {@code
   * mnist_test-00.parquet}; {@link #TRAIN} for whatever it is called.
   */
  public static List<String> in(String name) {
    return Arrays.stream(name.toLowerCase(Locale.ROOT).split("[^\\p{IsAlphabetic}]+", -1))
        .filter(Splits::isOne)
        .map(word -> OF_TRAINING.contains(word) ? TRAIN : word)
        .distinct()
        .toList();
  }
}
