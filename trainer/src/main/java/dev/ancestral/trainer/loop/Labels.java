package dev.ancestral.trainer.loop;

import dev.ancestral.bundle.Conditioning;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How labels reach the network: not at all, as they are, or sometimes replaced by the null label
 * (Ho and Salimans 2022, algorithm 1).
 *
 * @param conditioning the classes; null for an unconditional network
 * @param dropout how often the null label is used
 */
record Labels(@Nullable Conditioning conditioning, double dropout) {
  boolean conditional() {
    return conditioning != null;
  }

  long choose(int label, RandomGenerator random) {
    Integer nullLabel = conditioning == null ? null : conditioning.nullLabel();
    return nullLabel != null && random.nextDouble() < dropout ? nullLabel : label;
  }
}
