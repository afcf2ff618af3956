package dev.ancestral.server.onnx;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --device} asks for.
 *
 * @param kind which
 * @param ordinal which CUDA device; 0 for the others
 */
public record DeviceChoice(Kind kind, int ordinal) {
  /** CUDA if there is a device for it, else the CPU. */
  public static final DeviceChoice AUTO = new DeviceChoice(Kind.AUTO, 0);

  /** The CPU. */
  public static final DeviceChoice CPU = new DeviceChoice(Kind.CPU, 0);

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

  /** What may be asked for. */
  public enum Kind {
    /** The best there is. */
    AUTO,
    /** The CPU. */
    CPU,
    /** CUDA or nothing. */
    CUDA
  }

  /**
   * Reads {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static DeviceChoice parse(String text) {
    if (text.equals("auto")) {
      return AUTO;
    }
    if (text.equals("cpu")) {
      return CPU;
    }
    Matcher cuda = CUDA.matcher(text);
    if (!cuda.matches()) {
      throw new IllegalArgumentException(
          "device: %s (expected: auto, cpu, cuda or cuda:N)".formatted(text));
    }
    String ordinal = cuda.group(1);
    return new DeviceChoice(Kind.CUDA, ordinal == null ? 0 : Integer.parseInt(ordinal));
  }
}
