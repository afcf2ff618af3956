package dev.ancestral.client.output;

import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The states of the first samples on their way from noise, by step. */
final class Chain {
  private final int cells;
  private final Map<Integer, Map<Integer, Tensor>> steps = new TreeMap<>();

  /** A chain that keeps the samples below {@code cells} and lets the others go. */
  Chain(int cells) {
    this.cells = cells;
  }

  void add(Frame frame) {
    if (frame.getSampleIndex() < cells) {
      steps
          .computeIfAbsent(frame.getStep(), step -> new TreeMap<>())
          .put(frame.getSampleIndex(), frame.getXt());
    }
  }

  /**
   * The states of all kept samples, step by step from x_T.
   *
   * @throws IllegalStateException if one never came
   */
  List<List<Tensor>> frames() {
    List<List<Tensor>> frames = new ArrayList<>();
    steps.forEach(
        (step, states) -> {
          if (states.size() != cells) {
            throw new IllegalStateException(
                "frames of step %d: %d came (expected: %d)".formatted(step, states.size(), cells));
          }
          frames.add(List.copyOf(states.values()));
        });
    return frames;
  }
}
