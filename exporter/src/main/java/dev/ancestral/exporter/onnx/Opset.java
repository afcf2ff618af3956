package dev.ancestral.exporter.onnx;

/**
 * Version of ONNX's operator set that a file is written for.
 *
 * @param version {@link #OLDEST}, which brought {@code LayerNormalization}, to {@link #NEWEST}
 */
public record Opset(int version) {
  /** The oldest that can be written. */
  public static final int OLDEST = 17;

  /** The newest that can be written. */
  public static final int NEWEST = 21;

  /** What is written unless told otherwise: the most widely read. */
  public static final Opset DEFAULT = new Opset(OLDEST);

  /** Checks the bounds. */
  public Opset {
    if (version < OLDEST || version > NEWEST) {
      throw new IllegalArgumentException(
          "opset: %d (expected: %d..%d)".formatted(version, OLDEST, NEWEST));
    }
  }

  /** Whether this is {@code other} or newer. */
  public boolean atLeast(int other) {
    return version >= other;
  }

  /** The file format's version that came with this operator set. */
  int irVersion() {
    return switch (version) {
      case 17, 18 -> 8;
      case 19, 20 -> 9;
      case 21 -> 10;
      default -> throw new IllegalStateException("opset " + version);
    };
  }
}
