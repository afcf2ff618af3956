package dev.ancestral.bundle.signature;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleException;
import dev.ancestral.bundle.signature.Slot.Role;
import dev.ancestral.diffusion.Names;
import dev.ancestral.diffusion.sampler.Variance;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which of a file's inputs is what, and its output. What is our own is {@linkplain #isPlain plain};
 * another's may have other names, timesteps in int64 or as a scalar, and a batch that is fixed at
 * 1.
 *
 * @param sample the state, float32 [batch, ...row]
 * @param timestep float32 or int64; [batch], [1] or a scalar
 * @param labels int64 [batch]; null for an unconditional model
 * @param output the prediction, float32 [batch, ...row]
 */
public record Signature(
    Declared sample, Declared timestep, @Nullable Declared labels, Declared output) {
  /** What our own files call the state. */
  public static final String SAMPLE = "sample";

  /** What our own files call the timestep. */
  public static final String TIMESTEP = "timestep";

  /** What our own files call the labels. */
  public static final String LABELS = "class_labels";

  /** What our own files call the prediction. */
  public static final String OUTPUT = "out_sample";

  /** More are not listed in a message. */
  private static final int MANY = 6;

  /**
   * Finds each by its type and shape, and by its name where these leave a choice.
   *
   * @param file what errors name
   * @param inputs all that callers must give
   * @param bundle what the network is said to be
   * @throws BundleException when one is not what the bundle needs, or could be either of two
   */
  public static Signature of(
      String file, List<Declared> inputs, List<Declared> outputs, Bundle bundle) {
    List<Slot> slots =
        new ArrayList<>(
            List.of(
                new Slot(Role.STATE, bundle.data().shape()), new Slot(Role.TIMESTEP, List.of())));
    if (bundle.conditioning() != null) {
      slots.add(new Slot(Role.LABELS, List.of()));
    }
    List<List<Declared>> ways = new ArrayList<>();
    if (inputs.size() == slots.size()) {
      arrange(slots, inputs, List.of(), ways);
    }
    if (ways.isEmpty()) {
      throw new BundleException(
          file, "inputs: %s (expected: %s)".formatted(listed(inputs), listed(slots)));
    }
    if (ways.size() > 1) {
      throw new BundleException(
          file,
          "inputs: %s: their names do not tell which is which (expected: %s; called timestep and class_labels, or t and y)"
              .formatted(listed(inputs), listed(slots)));
    }
    List<Declared> way = ways.get(0);
    return new Signature(
        way.get(0), way.get(1), way.size() > 2 ? way.get(2) : null, output(file, outputs, bundle));
  }

  /** All ways to give each slot an input of its own. */
  private static void arrange(
      List<Slot> slots, List<Declared> inputs, List<Declared> taken, List<List<Declared>> ways) {
    if (taken.size() == slots.size()) {
      ways.add(taken);
      return;
    }
    for (Declared input : inputs) {
      if (!taken.contains(input) && slots.get(taken.size()).takesInput(input)) {
        arrange(slots, inputs, Stream.concat(taken.stream(), Stream.of(input)).toList(), ways);
      }
    }
  }

  private static Declared output(String file, List<Declared> outputs, Bundle bundle) {
    List<Long> row = new ArrayList<>(bundle.data().shape());
    Variance variance = bundle.scheduler().variance();
    if (variance.isLearned()) {
      row.set(0, Math.multiplyExact(2, row.get(0)));
    }
    List<Declared> known =
        outputs.size() == 1
            ? outputs
            : outputs.stream().filter(output -> Role.PREDICTION.isCalled(output.name())).toList();
    Slot slot = new Slot(Role.PREDICTION, row);
    if (known.size() != 1 || !slot.takes(known.get(0))) {
      throw new BundleException(
          file,
          "outputs: %s (expected: %s, since variance_type is %s%s)"
              .formatted(
                  listed(outputs),
                  slot,
                  variance.label(),
                  known.size() == 1 ? "" : "; the only one, or one that is called out_sample"));
    }
    return known.get(0);
  }

  private static String listed(List<?> parts) {
    Stream<String> words =
        parts.stream().limit(MANY).map(part -> Names.shortened(String.valueOf(part)));
    Stream<String> rest =
        parts.size() > MANY ? Stream.of((parts.size() - MANY) + " more") : Stream.empty();
    return parts.isEmpty() ? "none" : Stream.concat(words, rest).collect(Collectors.joining("; "));
  }

  /** Whether it is called as our own files are, with any number of rows. */
  public boolean isPlain() {
    return words().isEmpty();
  }

  /**
   * Checks that it is called as our own files are.
   *
   * @param file what errors name
   * @throws BundleException naming the first difference
   */
  public void requirePlain(String file) {
    if (!isPlain()) {
      throw new BundleException(
          file, "%s (expected: inputs and output as export writes them)".formatted(words().get(0)));
    }
  }

  /** Whether the timestep is a whole number. */
  public boolean takesWholeTimesteps() {
    return timestep.type().equals("int64");
  }

  /** Whether the timestep has no dimension. */
  public boolean takesScalarTimestep() {
    return timestep.shape().isEmpty();
  }

  /** Whether a call has one row, since it has one timestep or its batch is fixed at 1. */
  public boolean takesOneRow() {
    return takesOneTimestep()
        || isOne(sample)
        || isOne(output)
        || (labels != null && isOne(labels));
  }

  private boolean takesOneTimestep() {
    return takesScalarTimestep() || isOne(timestep);
  }

  private static boolean isOne(Declared declared) {
    return declared.shape().get(0).is(1);
  }

  /** What is adapted, for people, a line each; none for a plain one. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    renamed(words, "input", sample, SAMPLE);
    renamed(words, "input", timestep, TIMESTEP);
    if (labels != null) {
      renamed(words, "input", labels, LABELS);
    }
    renamed(words, "output", output, OUTPUT);
    if (takesWholeTimesteps()) {
      words.add("takes whole timesteps, %s".formatted(timestep.kind()));
    }
    if (takesOneTimestep()) {
      words.add("takes one timestep a call, so rows do not share calls");
    } else if (takesOneRow()) {
      words.add("takes one row a call, so rows do not share calls");
    }
    return words;
  }

  private static void renamed(List<String> words, String kind, Declared declared, String name) {
    if (!declared.name().equals(name)) {
      words.add("%s %s is taken for %s".formatted(kind, Names.shortened(declared.name()), name));
    }
  }

  /** The description of the network once it is adapted. */
  public Bundle adapted(Bundle bundle) {
    return takesWholeTimesteps() ? bundle.withWholeTimesteps() : bundle;
  }
}
