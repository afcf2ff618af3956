package dev.ancestral.server.onnx;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --device} asks for.
 *
 * @param kind which
 * @param ordinal which NVIDIA device; 0 for the others
 */
public record DeviceChoice(Kind kind, int ordinal) {
  /** CUDA if there is a device for it, else the CPU. */
  public static final DeviceChoice AUTO = new DeviceChoice(Kind.AUTO, 0);

  /** The CPU. */
  public static final DeviceChoice CPU = new DeviceChoice(Kind.CPU, 0);

  private static final Pattern NVIDIA = Pattern.compile("(cuda|tensorrt)(?::(\\d{1,3}))?");

  /** What may be asked for. */
  public enum Kind {
    /** The best there is. */
    AUTO,
    /** The CPU. */
    CPU,
    /** CUDA or nothing. */
    CUDA,
    /** TensorRT, and CUDA for what it does not take, or nothing. */
    TENSORRT
  }

  /**
   * Reads {@code auto}, {@code cpu}, {@code cuda}, {@code tensorrt}, or one of these two with the
   * number of a device, as in {@code cuda:1}.
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
    Matcher nvidia = NVIDIA.matcher(text);
    if (!nvidia.matches()) {
      throw new IllegalArgumentException(
          "device: %s (expected: auto, cpu, cuda, cuda:N, tensorrt or tensorrt:N)".formatted(text));
    }
    String ordinal = nvidia.group(2);
    return new DeviceChoice(
        "cuda".equals(nvidia.group(1)) ? Kind.CUDA : Kind.TENSORRT,
        ordinal == null ? 0 : Integer.parseInt(ordinal));
  }
}
