package dev.ancestral.server.onnx;

import java.util.Optional;

/**
 * Where the network runs.
 *
 * @param cuda whether on a CUDA device
 * @param ordinal which one
 * @param demanded whether nothing else will do; else the CPU takes over where CUDA fails
 * @param reason why this one, for people
 */
public record Device(boolean cuda, int ordinal, boolean demanded, String reason) {
  /** The CPU. */
  public static Device cpu(String reason) {
    return new Device(false, 0, false, reason);
  }

  /** {@code cpu} or {@code cuda:0}. */
  public String label() {
    return cuda ? "cuda:" + ordinal : "cpu";
  }

  /**
   * Decides before ONNX Runtime is asked: asking it for CUDA unpacks 580 MB even where there is no
   * device.
   *
   * @throws IllegalArgumentException when CUDA is asked for and cannot be had
   */
  public static Device select(DeviceChoice choice, CudaProbe probe) {
    return switch (choice.kind()) {
      case CPU -> cpu("asked for");
      case CUDA -> {
        Optional<String> obstacle = probe.obstacle();
        if (obstacle.isPresent()) {
          throw new IllegalArgumentException(
              "device: cuda:%d cannot be used: %s (expected: an NVIDIA device with its driver, or --device cpu)"
                  .formatted(choice.ordinal(), obstacle.get()));
        }
        yield new Device(true, choice.ordinal(), true, "asked for");
      }
      case AUTO ->
          probe
              .obstacle()
              .map(Device::cpu)
              .orElseGet(() -> new Device(true, 0, false, "an NVIDIA device is there"));
    };
  }
}
