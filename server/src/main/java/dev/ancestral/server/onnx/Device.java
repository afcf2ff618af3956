package dev.ancestral.server.onnx;

import java.util.Locale;
import java.util.Optional;

/**
 * Where the network runs.
 *
 * @param kind of hardware, and of the code that runs on it
 * @param ordinal which NVIDIA device; 0 on the CPU
 * @param demanded whether nothing else will do; else the CPU takes over where CUDA fails
 * @param reason why this one, for people
 */
public record Device(Kind kind, int ordinal, boolean demanded, String reason) {
  /** What runs a network. */
  public enum Kind {
    /** ONNX Runtime's own kernels. */
    CPU,
    /** cuDNN and cuBLAS. */
    CUDA,
    /** TensorRT, and CUDA for what it does not take. */
    TENSORRT;

    private String label(int ordinal) {
      return name().toLowerCase(Locale.ROOT) + (this == CPU ? "" : ":" + ordinal);
    }
  }

  /** The CPU. */
  public static Device cpu(String reason) {
    return new Device(Kind.CPU, 0, false, reason);
  }

  /** {@code cpu}, {@code cuda:0} or {@code tensorrt:0}. */
  public String label() {
    return kind.label(ordinal);
  }

  /** Whether it is an NVIDIA device. */
  public boolean isGpu() {
    return kind != Kind.CPU;
  }

  /** The sizes of batch that its sessions get to see. */
  BatchSizes batchSizes(int maxRows) {
    return isGpu() ? BatchSizes.buckets(maxRows) : BatchSizes.exact(maxRows);
  }

  /**
   * Decides before ONNX Runtime is asked: asking it for CUDA unpacks 580 MB even where there is no
   * device.
   *
   * @throws IllegalArgumentException when a GPU is asked for and cannot be had
   */
  public static Device select(DeviceChoice choice, CudaProbe probe) {
    return switch (choice.kind()) {
      case CPU -> cpu("asked for");
      case CUDA -> demanded(Kind.CUDA, choice.ordinal(), probe);
      case TENSORRT -> demanded(Kind.TENSORRT, choice.ordinal(), probe);
      case AUTO ->
          probe
              .obstacle()
              .map(Device::cpu)
              .orElseGet(() -> new Device(Kind.CUDA, 0, false, found(probe)));
    };
  }

  private static String found(CudaProbe probe) {
    return "an NVIDIA device is there"
        + probe.natives().origin().map(origin -> ", ONNX Runtime is " + origin).orElse("");
  }

  private static Device demanded(Kind kind, int ordinal, CudaProbe probe) {
    Optional<String> obstacle = probe.obstacle();
    if (obstacle.isPresent()) {
      throw new IllegalArgumentException(
          "device: %s cannot be used: %s (expected: an NVIDIA device with its driver, or --device cpu)"
              .formatted(kind.label(ordinal), obstacle.get()));
    }
    return new Device(kind, ordinal, true, "asked for");
  }
}
