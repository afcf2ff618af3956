package dev.ancestral.bench.baseline;

import dev.ancestral.server.onnx.CudaProbe;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.DeviceChoice;

/**
 * Where everything that is compared runs.
 *
 * @param device one that was asked for, so that nothing gives way to the CPU
 */
public record BenchDevice(Device device) {
  /**
   * Reads {@code cpu}, {@code cuda} or {@code cuda:N}, and looks whether it is there.
   *
   * @throws IllegalArgumentException for anything else, and for a device that cannot be had
   */
  public static BenchDevice parse(String text) {
    DeviceChoice choice = DeviceChoice.parse(text);
    return switch (choice.kind()) {
      case CPU, CUDA -> new BenchDevice(Device.select(choice, CudaProbe.ofThisMachine()));
      case AUTO, TENSORRT ->
          throw new IllegalArgumentException(
              "device: %s (expected: cpu, cuda or cuda:N, which PyTorch has too)".formatted(text));
    };
  }

  /** {@code cpu} or {@code cuda:N}, as {@code serve} and PyTorch call it. */
  public String label() {
    return device.label();
  }
}
