package dev.ancestral.server.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceTest {
  private final Path root;

  DeviceTest(@TempDir Path root) {
    this.root = root;
  }

  private CudaProbe probe(boolean windows, boolean provider) {
    return probe(windows, new OnnxNatives.OnClassPath(provider));
  }

  private CudaProbe probe(boolean windows, OnnxNatives natives) {
    return new CudaProbe(root, List.of(root.resolve("bin")), windows, natives);
  }

  private void touch(String file) throws Exception {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, "");
  }

  private static String label(String choice, CudaProbe probe) {
    return Device.select(DeviceChoice.parse(choice), probe).label();
  }

  @Test
  void autoIsTheCpuWhereThereIsNoDevice_andSaysWhy() {
    Device device = Device.select(DeviceChoice.AUTO, probe(false, true));
    assertEquals("cpu", device.label());
    assertEquals("no NVIDIA device found", device.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev/nvidia0", "proc/driver/nvidia/version", "bin/nvidia-smi"})
  void autoIsCudaWhereTheDriverLeftATrace(String trace) throws Exception {
    touch(trace);
    assertEquals("cuda:0", label("auto", probe(false, true)));
  }

  @Test
  void aDriverWithoutADeviceIsNoDevice() throws Exception {
    touch("dev/nvidiactl");
    assertEquals("cpu", label("auto", probe(false, true)));
  }

  @Test
  void onWindowsTheDriversLibraryIsTheTrace() throws Exception {
    assertEquals("cpu", label("auto", probe(true, true)));
    touch("bin/nvcuda.dll");
    assertEquals("cuda:0", label("auto", probe(true, true)));
  }

  @Test
  void autoIsTheCpuWhereTheBuildHasNoCuda() throws Exception {
    touch("dev/nvidia0");
    Device device = Device.select(DeviceChoice.AUTO, probe(false, false));
    assertEquals("cpu", device.label());
    assertEquals("this build has the CPU-only ONNX Runtime", device.reason());
  }

  @Test
  void librariesInADirectoryAreTheOnesThatCount_whateverTheClassPathHas() throws Exception {
    touch("dev/nvidia0");
    CudaProbe probe = probe(false, new OnnxNatives.InDirectory(root.resolve("ort")));
    touch("ort/" + System.mapLibraryName("onnxruntime_providers_shared"));
    assertEquals(
        "%s (onnxruntime.native.path): has no %s"
            .formatted(root.resolve("ort"), System.mapLibraryName("onnxruntime_providers_cuda")),
        Device.select(DeviceChoice.AUTO, probe).reason());
    touch("ort/" + System.mapLibraryName("onnxruntime_providers_cuda"));
    Device device = Device.select(DeviceChoice.AUTO, probe);
    assertEquals("cuda:0", device.label());
    assertEquals(
        "an NVIDIA device is there, ONNX Runtime is %s (onnxruntime.native.path)"
            .formatted(root.resolve("ort")),
        device.reason());
  }

  @Test
  void aDirectoryWithoutTheLibrariesIsRefusedBeforeOneIsLoaded() throws Exception {
    OnnxNatives natives = new OnnxNatives.InDirectory(root);
    touch(System.mapLibraryName("onnxruntime"));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, natives::check);
    assertEquals(
        "onnxruntime.native.path: %s: has no %s (expected: a directory with ONNX Runtime's libraries)"
            .formatted(root, System.mapLibraryName("onnxruntime4j_jni")),
        e.getMessage());
    touch(System.mapLibraryName("onnxruntime4j_jni"));
    natives.check();
  }

  @Test
  void cpuIsTheCpuEvenBesideADevice() throws Exception {
    touch("dev/nvidia0");
    assertEquals("cpu", label("cpu", probe(false, true)));
  }

  @Test
  void cudaIsTakenWithItsNumber() throws Exception {
    touch("dev/nvidia0");
    assertEquals("cuda:0", label("cuda", probe(false, true)));
    assertEquals("cuda:3", label("cuda:3", probe(false, true)));
  }

  @Test
  void cudaWithoutADeviceFailsInOneLine() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> label("cuda:1", probe(false, true)));
    assertEquals(
        "device: cuda:1 cannot be used: no NVIDIA device found (expected: an NVIDIA device with its driver, or --device cpu)",
        e.getMessage());
  }

  @Test
  void anUnknownDeviceIsRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> DeviceChoice.parse("gpu"));
    assertTrue(String.valueOf(e.getMessage()).startsWith("device: gpu (expected: "));
  }

  @Test
  void tensorRtIsTakenWithItsNumber_andIsNeverChosenUnasked() throws Exception {
    touch("dev/nvidia0");
    assertEquals("tensorrt:0", label("tensorrt", probe(false, true)));
    assertEquals("tensorrt:2", label("tensorrt:2", probe(false, true)));
    assertEquals("cuda:0", label("auto", probe(false, true)));
  }

  @Test
  void tensorRtWithoutADeviceFailsInOneLine() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> label("tensorrt", probe(false, true)));
    assertEquals(
        "device: tensorrt:0 cannot be used: no NVIDIA device found (expected: an NVIDIA device with its driver, or --device cpu)",
        e.getMessage());
  }

  @Test
  void enginesOfTensorRtAreKeptInTheUsersCache() {
    assertEquals(
        Path.of("/home/ada/.cache/ancestral/tensorrt"),
        Providers.cacheDirectory(null, "/home/ada"));
    Path elsewhere = Providers.cacheDirectory("/var/cache", "/home/ada");
    assertEquals(Path.of("/var/cache/ancestral/tensorrt"), elsewhere);
    assertEquals(elsewhere.toString(), Providers.tensorRt(elsewhere).get("trt_engine_cache_path"));
  }

  @Test
  void thatCacheIsMadeWithAllAboveIt_orNamed() throws Exception {
    assertTrue(Files.isDirectory(Providers.made(root.resolve("a/b/c"))));
    touch("file");
    Path below = root.resolve("file/cache");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Providers.made(below));
    assertTrue(String.valueOf(e.getMessage()).startsWith("tensorrt: " + below + " cannot"));
  }
}
