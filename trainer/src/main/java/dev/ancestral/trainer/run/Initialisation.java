package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.ConfigSources;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which weights of another training a new one begins with: every tensor of the same name and shape;
 * of embeddings of classes, the rows of classes of the same name. The others keep the values that
 * the seed gives them.
 *
 * @param source in words
 * @param pieces what is taken, in the order of the network's tensors
 * @param left why a tensor of the network is not, or not wholly, taken, by its name
 * @param unused names of the source's tensors that the network has not
 * @param differences between what the weights were trained for and are to be, in a line each
 * @param weights of the network, in all
 */
record Initialisation(
    String source,
    List<Piece> pieces,
    Map<String, String> left,
    List<String> unused,
    List<String> differences,
    long weights) {
  /** The key of the source in {@code init.yaml}. */
  static final String SOURCE = "source";

  private static final String CLASSES = "class_embedding.weight";

  /**
   * Numbers that follow one another.
   *
   * @param tensor their name
   * @param from their first place in the network's flat weights
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
  record Piece(String tensor, int from, float[] numbers) {}

  /**
   * Finds out what fits.
   *
   * @param shapes names and shapes of the network, in the order of its flat weights
   * @param conditioning its classes; null where it has none
   * @param here what the weights are to mean
   * @throws UserError if nothing does, or the same weights would be another function
   */
  static Initialisation of(
      InitialWeights source,
      Map<String, Shape> shapes,
      @Nullable Conditioning conditioning,
      WeightsMeaning here) {
    List<Piece> pieces = new ArrayList<>();
    Map<String, String> left = new LinkedHashMap<>();
    int offset = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      String name = entry.getKey();
      long[] shape = entry.getValue().getShape();
      Safetensors.Tensor tensor = source.tensors().get(name);
      if (tensor == null) {
        left.put(name, "the source has none");
      } else if (name.equals(CLASSES) && haveNames(source, conditioning, tensor, shape)) {
        pieces.addAll(rows(source, conditioning, tensor, shape, offset, left));
      } else if (!tensor.shape().equals(Arrays.stream(shape).boxed().toList())) {
        left.put(name, "shape %s there, %s here".formatted(tensor.shape(), Arrays.toString(shape)));
      } else {
        pieces.add(new Piece(name, offset, tensor.numbers()));
      }
      offset = Math.toIntExact(offset + entry.getValue().size());
    }
    if (pieces.isEmpty()) {
      throw new UserError(
          "--init: %s has no tensor that fits, such as %s (expected: a network of the same kind)"
              .formatted(source.source(), left.entrySet().iterator().next()));
    }
    List<String> unused =
        source.tensors().keySet().stream().filter(name -> !shapes.containsKey(name)).toList();
    here.requireSameFunction(
        source.source(),
        source.meaning(),
        pieces.stream().map(Piece::tensor).collect(Collectors.toSet()));
    return new Initialisation(
        source.source(), pieces, left, unused, here.differences(source.meaning()), offset);
  }

  private static boolean haveNames(
      InitialWeights source,
      @Nullable Conditioning conditioning,
      Safetensors.Tensor tensor,
      long[] shape) {
    return conditioning != null
        && !conditioning.classNames().isEmpty()
        && !source.classNames().isEmpty()
        && tensor.shape().size() == 2
        && tensor.shape().get(1) == shape[1];
  }

  /** The rows of classes that both know, and of the null label. */
  private static List<Piece> rows(
      InitialWeights source,
      @Nullable Conditioning conditioning,
      Safetensors.Tensor tensor,
      long[] shape,
      int offset,
      Map<String, String> left) {
    List<Piece> pieces = new ArrayList<>();
    List<String> names =
        conditioning == null ? List.of() : new ArrayList<>(conditioning.classNames());
    List<String> missing = new ArrayList<>();
    float[] numbers = tensor.numbers();
    int width = Math.toIntExact(shape[1]);
    for (int row = 0; row < shape[0]; row++) {
      boolean isNull = row == names.size();
      int there = isNull ? source.classNames().size() : source.classNames().indexOf(names.get(row));
      if (there < 0 || there >= tensor.shape().get(0)) {
        missing.add(isNull ? "the null label" : names.get(row));
      } else {
        pieces.add(
            new Piece(
                CLASSES,
                offset + row * width,
                Arrays.copyOfRange(numbers, there * width, (there + 1) * width)));
      }
    }
    if (!missing.isEmpty()) {
      left.put(CLASSES, "the source does not know " + String.join(", ", missing));
    }
    return pieces;
  }

  /** Puts what is taken into the network's flat weights. */
  void writeInto(float[] flat) {
    for (Piece piece : pieces) {
      System.arraycopy(piece.numbers(), 0, flat, piece.from(), piece.numbers().length);
    }
  }

  private long taken() {
    return pieces.stream().mapToLong(piece -> piece.numbers().length).sum();
  }

  /** Says it for people: how much is taken, and every tensor that is not, with the reason. */
  void print(PrintStream out) {
    out.printf(
        Locale.ROOT,
        "init      %s: %,d of %,d weights taken, in %d tensors%n",
        Printable.line(source),
        taken(),
        weights,
        pieces.stream().map(Piece::tensor).distinct().count());
    differences.forEach(line -> out.println("  differs    " + Printable.line(line)));
    left.forEach(
        (name, reason) ->
            out.println("  not taken  " + Printable.line(name) + ": " + Printable.line(reason)));
    unused.forEach(name -> out.println("  not used   " + Printable.line(name)));
  }

  /** As {@code init.yaml} has it. */
  String toYaml() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(SOURCE, source);
    map.put("weights_taken", taken());
    map.put("weights", weights);
    map.put("taken", pieces.stream().map(Piece::tensor).distinct().toList());
    map.put("differences", differences);
    map.put("not_taken", left);
    map.put("not_used", unused);
    return ConfigSources.toYaml(map);
  }
}
