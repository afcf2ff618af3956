package dev.ancestral.server.onnx;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for an NVIDIA device by what its driver leaves in the file system, and for the CUDA part of
 * ONNX Runtime, without loading either.
 *
 * @param root where {@code /dev} and {@code /proc} are
 * @param path directories in which to look for {@code nvidia-smi} and, on Windows, {@code
 *     nvcuda.dll}
 * @param windows whether this is Windows
 * @param natives where ONNX Runtime is
 */
public record CudaProbe(Path root, List<Path> path, boolean windows, OnnxNatives natives) {
  /** Of this machine. */
  public static CudaProbe ofThisMachine() {
    boolean windows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    String searchPath = System.getenv("PATH");
    Stream<Path> directories =
        Arrays.stream((searchPath == null ? "" : searchPath).split(File.pathSeparator))
            .filter(entry -> !entry.isBlank())
            .map(Path::of);
    String systemRoot = System.getenv("SystemRoot");
    if (windows && systemRoot != null) {
      directories = Stream.concat(directories, Stream.of(Path.of(systemRoot, "System32")));
    }
    return new CudaProbe(Path.of("/"), directories.toList(), windows, OnnxNatives.ofThisProcess());
  }

  /** Why CUDA cannot be used here; empty if it can, as far as can be seen from outside. */
  public Optional<String> obstacle() {
    if (!isDeviceThere()) {
      return Optional.of("no NVIDIA device found");
    }
    return natives.cudaObstacle();
  }

  private boolean isDeviceThere() {
    if (windows) {
      return isOnPath("nvcuda.dll");
    }
    return hasDeviceFile()
        || Files.exists(root.resolve("proc/driver/nvidia/version"))
        || isOnPath("nvidia-smi");
  }

  /** {@code /dev/nvidia0} and so on; {@code nvidiactl} alone is a driver without a device. */
  private boolean hasDeviceFile() {
    try (Stream<Path> devices = Files.list(root.resolve("dev"))) {
      return devices.anyMatch(device -> String.valueOf(device.getFileName()).matches("nvidia\\d+"));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isOnPath(String file) {
    return path.stream().anyMatch(directory -> Files.exists(directory.resolve(file)));
  }
}
